package cache

import "time"

// An image is dated by its commit, so that the same commit gives the same image. When it was pushed stands in a small document beside
// the tag by which it is promoted.
const (
	pushedSuffix     = "-pushed"
	pushedAnnotation = "npx-action.pushed"
)

// PushedDocument returns the reference and the annotations of the document that says when the image at a reference of
// [ContentRef] was pushed.
func PushedDocument(ref string, at time.Time) (document string, annotations map[string]string) {
	return ref + pushedSuffix, map[string]string{pushedAnnotation: at.UTC().Format(time.RFC3339)}
}

// PushedAt reads such a document; ok is false for another one.
func PushedAt(annotations map[string]string) (at time.Time, ok bool) {
	at, err := time.Parse(time.RFC3339, annotations[pushedAnnotation])
	return at, err == nil
}

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// An Error names a file of the app and its fault. It is the app's author who can mend it.
type Error struct {
	Op     string // what was being done, as in "parsing"
	Name   string // slash-separated and relative to the root; as given for the root itself
	Line   int    // from 1; 0 if there is none
	Column int    // in characters, from 1; 0 if there is none
	Err    error  // the cause
	Hint   string // what to do, or ""
}

// Error returns one line such as "parsing package.json:3:14: ...; hint".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Name != "" {
		b.WriteString(" " + e.Name)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, ":%d", e.Column)
	}
	b.WriteString(": " + e.Err.Error())
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Advice is the hint.
func (e *Error) Advice() string { return e.Hint }

// A LimitError is the cause of an [Error] when the app exceeds one of the [Limits].
type LimitError struct {
	Max  int64 // the limit, in what it counts
	text string
}

// Error says what is too large and what the limit is.
func (e *LimitError) Error() string { return e.text }

// What an [Error] was about.
const (
	reading = "reading"
	parsing = "parsing"
	walking = "walking the app"
	opening = "opening"
	finding = "matching"
)

var (
	errNotDir     = errors.New("not a directory")
	errNotRegular = errors.New("not a regular file")
	errNotUTF8    = errors.New("the file is not UTF-8")
	errAbsolute   = errors.New("the path is absolute")
	errOutside    = errors.New("the path leads out of the app")
	errOfGit      = errors.New("the path leads to git's own files")
	errLinkOfGit  = errors.New("the link leads to git's own files")
)

const (
	hintInside = "name a path inside the app"
	hintIgnore = "list build output and dependencies in .gitignore"
)

func rootError(dir string, err error) error {
	return &Error{Op: "reading app source directory", Err: fmt.Errorf("%s: %w", dir, cause(err)), Hint: "give the directory that holds the app"}
}

func openError(name string, err error) error {
	return &Error{Op: opening, Name: name, Err: cause(err)}
}

func readError(name string, err error) error {
	return &Error{Op: reading, Name: name, Err: cause(err)}
}

func walkError(dir string, err error) error {
	if limit := (*LimitError)(nil); errors.As(err, &limit) {
		return &Error{Op: walking, Err: err, Hint: hintIgnore}
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	return &Error{Op: walking, Err: fmt.Errorf("%s: %w", dir, cause(err)), Hint: hintIgnore}
}

func filesError(lim Limits) error {
	return walkError(".", &LimitError{int64(lim.Files), fmt.Sprintf("more than %d files", lim.Files)})
}

func sizeError(name string, size, limit int64) error {
	text := "the file"
	if size > 0 {
		text = bytesText(size)
	}
	return &Error{
		Op: reading, Name: name,
		Err:  &LimitError{limit, fmt.Sprintf("%s is over the limit of %s for a file that is read", text, bytesText(limit))},
		Hint: "only text that is written by hand or by a package manager is read: is it the right file?",
	}
}

// cause strips what an [Error] says already: the operation and the path.
func cause(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// bytesText formats a number of bytes with one decimal at most.
func bytesText(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for ; f >= 1024 && i < len(units)-1; i++ {
		f /= 1024
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") + " " + units[i]
}

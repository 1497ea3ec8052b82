package ranges

import (
	"go/version"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var goNumber = lazyregexp.New(`^[1-9][0-9]*(?:\.(?:0|[1-9][0-9]*)){0,2}(?:(?:rc|beta)[1-9][0-9]*)?$`)

// Go reads the version of a go line of go.mod or go.work, which is the least that will do: go 1.22 allows 1.22.0 and 1.26.1.
func Go(text string) (Range, error) {
	return read("a version of Go, such as 1.26 or 1.26.1", text, func(text string) (Range, bool) {
		if !goNumber.MatchString(text) {
			return Range{}, false
		}
		least := "go" + text
		return Range{allows: func(v string) bool { return version.IsValid("go"+v) && version.Compare("go"+v, least) >= 0 }}, true
	})
}

// Toolchain reads the name on a toolchain line of go.mod or go.work, which is exact; default asks for nothing.
func Toolchain(text string) (Range, error) {
	return read("a toolchain of Go, such as go1.26.1 or default", text, func(text string) (Range, bool) {
		if text == "default" {
			return Range{}, true
		}
		v, ok := strings.CutPrefix(text, "go")
		if !ok || !goNumber.MatchString(v) {
			return Range{}, false
		}
		return Range{exact: v, allows: func(have string) bool { return Compare(have, v) == 0 }}, true
	})
}

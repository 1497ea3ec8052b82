package build

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/distribution/reference"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/option"
)

// ParseNames reads names of an image and returns them in full, with a registry and a tag.
func ParseNames(names []string) ([]string, error) {
	var refs []string
	for _, n := range names {
		if !utf8.ValidString(n) {
			return nil, fmt.Errorf("reading image name %q: it is not UTF-8", n)
		}
		if option.HoldsPassword(n) {
			return nil, errors.New("reading image name: it holds a user or a password")
		}
		_, err := reference.ParseNormalizedNamed(n)
		if err != nil {
			return nil, fmt.Errorf("reading image name %q: %w", n, err)
		}
		ref, err := name.NewTag(n)
		if err != nil {
			return nil, fmt.Errorf("reading image name %q: %w", n, err)
		}
		refs = append(refs, ref.Name())
	}
	return refs, nil
}

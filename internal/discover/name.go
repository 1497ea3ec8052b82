package discover

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/reserved"
)

// maxName keeps an image's name, with the repository's in front, below the 255 characters of registries.
const maxName = 60

// name gives each app without one a name: its directory's, or its whole path where several have that, or with a hash where
// this is not enough either.
func (f *finder) name() {
	wishes := []func(App) string{
		func(a App) string { return ownName(slug(f.base(a))) },
		func(a App) string { return ownName(slug(a.Directory)) },
	}
	taken := map[string]int{}
	for _, a := range f.apps {
		taken[a.Name]++
	}
	for _, wish := range wishes {
		names := maps.Clone(taken)
		for _, a := range f.apps {
			if a.Name == "" {
				names[wish(a)]++
			}
		}
		for i := range f.apps {
			a := &f.apps[i]
			if name := wish(*a); a.Name == "" && name != "" && names[name] == 1 {
				a.Name = name
				taken[name]++
			}
		}
	}
	for i := range f.apps {
		a := &f.apps[i]
		if a.Name == "" {
			sum := sha256.Sum256([]byte(a.Directory))
			a.Name = strings.TrimPrefix(slug(a.Directory)+"-"+hex.EncodeToString(sum[:4]), "-")
		}
		for _, image := range f.options.Images {
			a.Images = append(a.Images, imageName(image, *a))
		}
	}
}

func (f *finder) base(a App) string {
	if a.Directory == "." {
		return f.options.Name
	}
	return path.Base(a.Directory)
}

// imageName puts the app's name into the name of an image, or behind it; an app in the root has the image itself.
func imageName(image string, a App) string {
	switch {
	case strings.Contains(image, "{name}"):
		return strings.ReplaceAll(image, "{name}", a.Name)
	case a.Directory == ".":
		return image
	}
	return image + "/" + a.Name
}

// ownName is a name that an app may have: below an image, the name of its caches is none.
func ownName(name string) string {
	if reserved.Repository(name) {
		return name + "-app"
	}
	return name
}

// slug makes lower-case letters, digits and single hyphens of a text; "" if nothing is left.
func slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	return strings.Trim(s[:min(len(s), maxName)], "-")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package tags

import (
	"fmt"
	"slices"
)

// A flavor is what all rules share.
type flavor struct {
	latest                         string // auto, true, false or highest
	prefix, suffix                 template
	prefixOnLatest, suffixOnLatest bool
}

// highest is a value of latest that metadata-action has not: the tag follows the highest version and not the last one.
const highest = "highest"

// FollowsHighest reports whether latest is for the highest version that was pushed.
func (s Settings) FollowsHighest() bool { return s.flavor.latest == highest }

// parseFlavor reads lines such as latest=auto and prefix=ci-,onlatest=true.
func parseFlavor(lines []string) (flavor, error) {
	f := flavor{latest: "auto"}
	for _, line := range lines {
		fields, err := record(line)
		if err != nil {
			return f, fmt.Errorf("reading flavor: %w", err)
		}
		var onLatest *bool // of the prefix or suffix before
		for _, field := range fields {
			name, value, ok := attribute(field)
			if !ok {
				return f, fmt.Errorf("reading flavor %q: %q is not NAME=VALUE", line, field)
			}
			switch name {
			case "latest":
				f.latest = value
				if !slices.Contains([]string{"auto", "true", "false", highest}, value) {
					return f, fmt.Errorf("reading flavor %q: latest is auto, true, false or highest", line)
				}
			case "prefix":
				f.prefix, err = compile(value, globals)
				onLatest = &f.prefixOnLatest
			case "suffix":
				f.suffix, err = compile(value, globals)
				onLatest = &f.suffixOnLatest
			case "onlatest":
				if value != "true" && value != "false" {
					return f, fmt.Errorf("reading flavor %q: onlatest is true or false", line)
				}
				if onLatest != nil {
					*onLatest = value == "true"
				}
			default:
				return f, fmt.Errorf("reading flavor %q: there is no %s, only latest, prefix, suffix and onlatest", line, name)
			}
			if err != nil {
				return f, fmt.Errorf("reading flavor %q: %w", line, err)
			}
		}
	}
	return f, nil
}

// parseImages reads image names: a line each, as NAME or name=NAME,enable=BOOL; or all in one line, separated by commas.
// Names that are not enabled are left out.
func parseImages(lines []string) ([]string, error) {
	if len(lines) == 1 {
		fields, err := record(lines[0])
		if err != nil {
			return nil, fmt.Errorf("reading images: %w", err)
		}
		if !slices.ContainsFunc(fields, func(s string) bool { _, _, ok := attribute(s); return ok || s == "" }) {
			return fields, nil
		}
	}
	var images []string
	for _, line := range lines {
		fields, err := record(line)
		if err != nil {
			return nil, fmt.Errorf("reading images: %w", err)
		}
		name, enabled := "", true
		for _, field := range fields {
			key, value, ok := attribute(field)
			switch {
			case !ok:
				name = field
			case key == "name":
				name = value
			case key == "enable" && (value == "true" || value == "false"):
				enabled = value == "true"
			case key == "enable":
				return nil, fmt.Errorf("reading images %q: enable is true or false", line)
			default:
				return nil, fmt.Errorf("reading images %q: there is no %s, only name and enable", line, key)
			}
		}
		if name == "" {
			return nil, fmt.Errorf("reading images %q: there is no name", line)
		}
		if enabled {
			images = append(images, name)
		}
	}
	return images, nil
}

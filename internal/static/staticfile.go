package static

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/fault"
)

// The files by which buildpacks configure a static site.
const (
	staticfile   = "Staticfile"
	passwordFile = "Staticfile.auth"
	herokuFile   = "static.json"
)

// readStaticfile reads Staticfile of Cloud Foundry, Nixpacks and Railpack, whose root becomes the root.
//
// Only the lines that these know are read, each "key: value": a flat file needs no YAML. Settings that are named count in place of the folder's.
func (s *Site) readStaticfile(settings string) ([]string, error) {
	if _, ok := s.file(passwordFile); ok {
		return nil, fmt.Errorf("%s: %w", passwordFile, errPassword)
	}
	s.private = append(s.private, staticfile)
	var warnings []string
	if text, err := s.config(herokuFile); err != nil {
		return nil, err
	} else if strings.Contains(text, `"basic_auth"`) {
		return nil, fmt.Errorf("%s: %w", herokuFile, errPassword)
	} else if _, ok := s.file(staticfile); text != "" && !ok && strings.Contains(text, `"root"`) {
		s.private = append(s.private, herokuFile)
		warnings = append(warnings, herokuFile+" does not count; write a Staticfile, _redirects and _headers")
	}
	text, own, err := "", settings == "", error(nil)
	if own {
		text, err = s.config(staticfile)
	} else {
		text, err = readSettings(settings)
	}
	if err != nil {
		return nil, err
	}
	root, more := s.apply(text)
	warnings = append(warnings, more...)
	if !own {
		return warnings, nil
	}
	return warnings, s.enter(root)
}

// readSettings reads a Staticfile that is named.
func readSettings(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", fault.Usage("name a file, or leave --staticfile out", "reading the settings: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err == nil && len(text) > maxConfig {
		err = fault.Usage("name a Staticfile", "reading the settings: %s is larger than 1 MiB", name)
	}
	return strings.TrimPrefix(string(text), "\ufeff"), err
}

// apply takes the settings of a Staticfile and returns the root that it names.
func (s *Site) apply(text string) (root string, warnings []string) {
	for i, line := range entries(text) {
		warning := ""
		switch line.key {
		case "":
		case "root":
			root = line.value
		case "pushstate", "index_fallback":
			s.spa = s.spa || yes(line.value)
		case "status_code.404", "status_codes.404":
			s.notFound = strings.Trim(line.value, "/")
		case "status_code", "status_codes", "gzip":
		case "http_strict_transport_security":
			if yes(line.value) {
				all, _ := parsePattern("/*")
				s.headers = append(s.headers, headerRule{all, headerSet{{"Strict-Transport-Security", "max-age=31536000"}}})
			}
		case "directory", "host_dot_files", "force_https", "ssi":
			if !no(line.value) {
				warning = "is not supported"
			}
		default:
			warning = "is not supported"
		}
		if warning != "" {
			warnings = append(warnings, fmt.Sprintf("%s:%d: %.40s %s; the line does not count", staticfile, i+1, line.key, warning))
		}
	}
	return root, warnings
}

// enter makes a folder of the root the root.
func (s *Site) enter(folder string) error {
	folder = strings.Trim(folder, "/")
	if folder == "" || folder == "." {
		return nil
	}
	root, err := s.root.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: the root %.80q does not exist; run the build that makes it", staticfile, folder)
	}
	if err != nil {
		return fmt.Errorf("%s: opening the root: %w", staticfile, err)
	}
	s.root.Close()
	s.root, s.private = root, nil
	return nil
}

// An entry is a line "key: value"; the key of an indented line has that of the line above in front of it. Lines without one have no key.
type entry struct{ key, value string }

// entries has one entry for each line.
func entries(text string) []entry {
	var list []entry
	above := ""
	for line := range strings.Lines(text) {
		body := strings.TrimSpace(line)
		if i := strings.Index(body, " #"); i >= 0 {
			body = strings.TrimSpace(body[:i])
		}
		if body == "" || body == "---" || strings.HasPrefix(body, "#") {
			list = append(list, entry{})
			continue
		}
		key, value, ok := strings.Cut(body, ":")
		key, value = unquote(key), unquote(value)
		if !ok {
			key = body
		}
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			key = above + "." + key
		} else {
			above = key
		}
		list = append(list, entry{key, value})
	}
	return list
}

func unquote(text string) string { return strings.Trim(strings.TrimSpace(text), `"'`) }

func yes(value string) bool {
	return slices.Contains([]string{"enabled", "true", "on", "yes"}, strings.ToLower(value))
}

func no(value string) bool {
	return slices.Contains([]string{"", "disabled", "false", "off", "no", "hidden", "null", "~"}, strings.ToLower(value))
}

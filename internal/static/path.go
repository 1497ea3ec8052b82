package static

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// maxPath is the length of a decoded path in bytes, that of a path of Linux.
const maxPath = 4096

// cleanPath merges the slashes of a request's decoded path. The status is 0, or that of a path which no browser sends.
//
// Dots are refused rather than followed: browsers follow them before they ask.
func cleanPath(name string) (string, int) {
	if len(name) > maxPath {
		return "", http.StatusRequestURITooLong
	}
	if !strings.HasPrefix(name, "/") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", http.StatusBadRequest
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "." || part == ".." {
			return "", http.StatusBadRequest
		}
	}
	for strings.Contains(name, "//") {
		name = strings.ReplaceAll(name, "//", "/")
	}
	return name, 0
}

// hidden reports whether a clean path is never served: names with a dot in front, but for /.well-known (RFC 8615), and files that configure the site.
func (s *Site) hidden(name string) bool {
	name = strings.Trim(name, "/")
	if slices.Contains(s.private, name) {
		return true
	}
	name = strings.TrimPrefix(name, ".well-known/")
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// lookup finds the file of a clean path, or where it has moved by a slash at its end. Its status is 404 if there is neither.
//
// A page x.html answers /x. The page x/index.html answers /x/ alone, because the links in it are relative to that folder.
func (s *Site) lookup(name string) reply {
	if s.hidden(name) {
		return reply{status: http.StatusNotFound}
	}
	file := strings.Trim(name, "/")
	if name != "/" && !strings.HasSuffix(name, "/") {
		for _, candidate := range []string{file, file + ".html"} {
			if info, ok := s.file(candidate); ok {
				return reply{status: http.StatusOK, file: candidate, info: info}
			}
		}
		if _, ok := s.file(file + "/index.html"); ok {
			return reply{status: http.StatusMovedPermanently, moved: name + "/"}
		}
		return reply{status: http.StatusNotFound}
	}
	index := path.Join(file, "index.html")
	if info, ok := s.file(index); ok {
		return reply{status: http.StatusOK, file: index, info: info}
	}
	if _, ok := s.file(file + ".html"); ok && file != "" {
		return reply{status: http.StatusMovedPermanently, moved: "/" + file}
	}
	return reply{status: http.StatusNotFound}
}

// moveTo is the Location of a clean path that differs by a slash at its end from the path that was asked for. It is relative, so that it is right below
// any prefix; if the request did not write its path plainly, browsers would start elsewhere. Neither form can name another host.
func moveTo(name string, plainly bool, query string) string {
	location := (&url.URL{Path: name}).EscapedPath()
	if base := url.PathEscape(path.Base(name)); plainly && strings.HasSuffix(name, "/") {
		location = "./" + base + "/"
	} else if plainly {
		location = "../" + base
	}
	if query != "" {
		location += "?" + query
	}
	return location
}

// file returns what the root has of this name, if that is a regular file in the root.
func (s *Site) file(name string) (fs.FileInfo, bool) {
	info, err := s.root.Stat(name)
	return info, err == nil && info.Mode().IsRegular()
}

// looksLikeFile reports whether a path ends in an extension of the web: such a path without a file is a mistake and not a page of the app.
func looksLikeFile(name string) bool {
	_, known := mediaTypes[extension(name)]
	return known
}

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// Package static serves the files of a folder over HTTP: what a build made, with what hosts of static sites add to it.
//
// .github/docs/static.md says what a visitor gets. The package has no clock and no machine's tables: equal folders answer equally.
package static

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/fault"
)

// Options are what a site's folder does not say itself. The zero value serves files and nothing else.
type Options struct {
	SPA        bool   // a path without a file shows index.html, whose program knows the page
	Staticfile string // file that counts in place of the Staticfile of the folder, but for its root; "" for none
}

// A Site answers requests with the files of one folder. It looks files up for each request, so that a file may change while it is served.
type Site struct {
	root      *os.Root
	spa       bool
	notFound  string   // page for missing files, relative to the root; "" for the nearest 404.html
	private   []string // files of the root that configure the site
	redirects redirects
	headers   []headerRule
	tags      sync.Map // file name to *tag
}

// Open reads the configuration in a folder. The warnings name a file and a line, for what does not count; each is one line.
// The error is of a folder that cannot be served, or whose configuration protects pages in a way that would be lost.
func Open(dir string, options Options) (*Site, []string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, missing(dir, err)
	}
	site := &Site{root: root, spa: options.SPA}
	warnings, err := site.configure(options.Staticfile)
	if err != nil {
		site.Close()
		return nil, nil, fmt.Errorf("reading %s: %w", dir, err)
	}
	if _, ok := site.file("index.html"); !ok {
		if site.spa {
			site.Close()
			return nil, nil, fmt.Errorf("reading %s: a single-page app needs index.html, which the folder lacks", dir)
		}
		warnings = append(warnings, "the folder has no index.html: / answers 404")
	}
	return site, warnings, nil
}

func missing(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s does not exist; run the build that makes it, or name another folder", dir)
	}
	if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; name a folder", dir)
	}
	return fmt.Errorf("reading the folder: %w", err)
}

// configure reads Staticfile, then _redirects and _headers of the folder that is served.
func (s *Site) configure(settings string) ([]string, error) {
	warnings, err := s.readStaticfile(settings)
	if err != nil {
		return nil, err
	}
	s.private = append(s.private, redirectsFile, headersFile)
	text, err := s.config(redirectsFile)
	if err != nil {
		return nil, err
	}
	rules, more := parseRedirects(text)
	s.redirects = newRedirects(rules)
	warnings = append(warnings, more...)

	if text, err = s.config(headersFile); err != nil {
		return nil, err
	}
	headers, more, err := parseHeaders(text)
	if err != nil {
		return nil, err
	}
	s.headers = append(s.headers, headers...)
	warnings = append(warnings, more...)
	return append(warnings, s.endless()...), nil
}

// maxConfig is the size of a configuration file in bytes: some 20,000 redirects.
const maxConfig = 1 << 20

// config returns the text of a file of the root, "" if there is none.
func (s *Site) config(name string) (string, error) {
	info, ok := s.file(name)
	if !ok {
		return "", nil
	}
	if info.Size() > maxConfig {
		return "", fault.Usage("use patterns with * in place of single paths", "%s is larger than 1 MiB", name)
	}
	text, err := s.root.ReadFile(name)
	return strings.TrimPrefix(string(text), "\ufeff"), err
}

// Close gives the folder back.
func (s *Site) Close() { _ = s.root.Close() }

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const methods = "GET, HEAD, OPTIONS"
	if r.Method == http.MethodOptions && r.URL.Path == "*" {
		w.Header().Set("Allow", methods)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	name, status := cleanPath(r.URL.Path)
	if status != 0 {
		fail(w, status)
		return
	}
	custom := headersFor(s.headers, name)
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		w.Header().Set("Allow", methods)
		custom.apply(w.Header(), false)
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", methods)
		fail(w, http.StatusMethodNotAllowed)
		return
	}
	to := s.route(name, r.URL.RawQuery, r.Host)
	if to.moved != "" {
		to.location = moveTo(to.moved, name == r.URL.Path && r.URL.RawPath == "", r.URL.RawQuery)
	}
	if to.location != "" {
		w.Header().Set("Location", to.location)
		w.Header().Set("Cache-Control", revalidate)
		custom.apply(w.Header(), false)
		w.WriteHeader(to.status)
		return
	}
	if to.file == "" {
		custom.apply(w.Header(), false)
		fail(w, to.status)
		return
	}
	s.serve(w, r, to, custom)
}

// A reply is what answers a path: a file of the root, where it has moved, a Location of a rule, or a status alone.
type reply struct {
	status   int
	file     string
	info     fs.FileInfo // of file
	moved    string      // clean path at which a page is
	location string
}

// route decides what answers a clean path.
func (s *Site) route(name, query, host string) reply {
	found := s.lookup(name)
	for rule := range s.redirects.matching(name) {
		if found.status != http.StatusNotFound && !rule.force {
			continue
		}
		if to, ok := s.follow(rule, name, query, host); ok {
			return to
		}
	}
	if found.status != http.StatusNotFound {
		return found
	}
	if s.spa && !s.hidden(name) && !looksLikeFile(name) {
		if info, ok := s.file("index.html"); ok {
			return reply{status: http.StatusOK, file: "index.html", info: info}
		}
	}
	return s.missing(name)
}

// missing is the page for a path without a file: the one that is configured, or the nearest 404.html.
func (s *Site) missing(name string) reply {
	if s.notFound != "" {
		if info, ok := s.file(s.notFound); ok {
			return reply{status: http.StatusNotFound, file: s.notFound, info: info}
		}
	}
	for dir := strings.TrimPrefix(name, "/"); ; {
		dir = path.Dir(dir)
		page := path.Join(dir, "404.html")
		if info, ok := s.file(page); ok && !s.hidden("/"+page) {
			return reply{status: http.StatusNotFound, file: page, info: info}
		}
		if dir == "." {
			return reply{status: http.StatusNotFound}
		}
	}
}

// fail answers with a status and its name, and with nothing of the request.
func fail(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", revalidate)
	w.WriteHeader(status)
	fmt.Fprintf(w, "%d %s\n", status, strings.ToLower(http.StatusText(status)))
}

package static

import (
	"bytes"
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func TestSettings(t *testing.T) {
	base := settings{dir: ".", port: "3000", grace: 8 * time.Second}
	for _, tt := range []struct {
		args, environ string // words
		want          func(*settings)
	}{
		{"", "", func(*settings) {}},
		{"dist --spa", "", func(s *settings) { s.dir, s.spa = "dist", true }},
		{"--spa dist --port 80", "", func(s *settings) { s.dir, s.spa, s.port = "dist", true, "80" }},
		{"-- dist", "", func(s *settings) { s.dir = "dist" }},
		{"", "PORT=8080 HOST=:: NPX_STATIC_SPA=true NPX_STATIC_ACCESS_LOG=1 NPX_STATIC_GRACE=1m", func(s *settings) {
			s.port, s.host, s.spa, s.accessLog, s.grace = "8080", "::", true, true, time.Minute
		}},
		{"--port=81 --host=127.0.0.1 --spa=false --access-log --grace 0s", "PORT=8080 HOST=:: NPX_STATIC_SPA=true", func(s *settings) {
			s.port, s.host, s.accessLog, s.grace = "81", "127.0.0.1", true, 0
		}},
		{"", "PORT= NPX_STATIC_SPA= NPX_STATIC_GRACE=", func(*settings) {}},
		{"--staticfile a/Staticfile dist", "", func(s *settings) { s.dir, s.staticfile = "dist", "a/Staticfile" }},
		{"--help", "", func(s *settings) { s.help = true }},
		{"dist -h", "", func(s *settings) { s.help = true }},
		{"--version", "", func(s *settings) { s.version = true }},
	} {
		want := base
		tt.want(&want)
		got, err := parse(strings.Fields(tt.args), strings.Fields(tt.environ))
		if got.help {
			got = settings{help: true}
			want = settings{help: true}
		}
		if err != nil || got != want {
			t.Errorf("%q, %q: %+v, %v\nwant %+v", tt.args, tt.environ, got, err, want)
		}
	}
}

// start runs the program until it ends by itself.
func start(t *testing.T, environ []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	status = Main(ctx, Process{Args: args, Environ: environ, Stdout: &out, Stderr: &err})
	if ctx.Err() != nil {
		t.Errorf("%q serves", args)
	}
	return status, out.String(), err.String()
}

func TestWhatTheProgramRefuses(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, taken, _ := net.SplitHostPort(listener.Addr().String())
	dir := folder{"index.html": "home", "file": "text", "empty/": ""}.write(t)
	for _, tt := range []struct {
		status  int
		args    []string
		environ string
		want    string
	}{
		{1, []string{dir + "/none"}, "", "error: the folder " + dir + "/none does not exist; run the build that makes it, or name another folder\n"},
		{1, []string{dir + "/file"}, "", "error: " + dir + "/file is a file; name a folder\n"},
		{1, []string{dir + "/empty", "--spa"}, "", "error: reading " + dir + "/empty: a single-page app needs index.html, which the folder lacks\n"},
		{1, []string{dir, "--host", "127.0.0.1"}, "PORT=" + taken, "error: port " + taken + " is in use\nhint: stop the other program, or set PORT to another port\n"},
		{1, []string{dir, "--host", "192.0.2.1"}, "", "hint: set HOST to an address of this machine, or leave it out for all\n"},
		{2, []string{dir}, "PORT=http", "error: reading the port: \"http\" is none\nhint: use a number from 0 to 65535\n"},
		{2, []string{dir}, "PORT=65536", "hint: use a number from 0 to 65535\n"},
		{2, []string{dir}, "PORT=-1", "hint: use a number from 0 to 65535\n"},
		{2, []string{dir}, "PORT=80;ls", "hint: use a number from 0 to 65535\n"},
		{2, []string{dir, "--port", ""}, "", "hint: use a number from 0 to 65535\n"},
		{2, []string{dir}, "NPX_STATIC_SPA=maybe", "error: reading NPX_STATIC_SPA: \"maybe\" is neither\nhint: use true or false\n"},
		{2, []string{dir}, "NPX_STATIC_GRACE=5", "error: reading NPX_STATIC_GRACE: \"5\" is none\nhint: use a duration such as 30s\n"},
		{2, []string{dir, "--grace", "-1s"}, "", "hint: use a duration such as 30s\n"},
		{2, []string{dir, "other"}, "", "error: \"other\" is one folder too many\nhint: see npx-static --help\n"},
		{2, []string{dir, "--tls"}, "", "error: flag provided but not defined: -tls\nhint: see npx-static --help\n"},
		{2, []string{""}, "", "error: the folder's name is empty\nhint: name a folder, such as dist\n"},
	} {
		status, stdout, stderr := start(t, strings.Fields(tt.environ), tt.args...)
		if status != tt.status || stdout != "" || !strings.HasSuffix(stderr, tt.want) || !strings.HasPrefix(stderr, "error: ") {
			t.Errorf("%q, %s: status %d, %q\nwant %d, %q", tt.args, tt.environ, status, stderr, tt.status, tt.want)
		}
	}
}

func TestHelpNamesEveryFlagAndVariable(t *testing.T) {
	status, stdout, stderr := start(t, nil, "--help")
	if status != 0 || stderr != "" {
		t.Errorf("status %d, %q", status, stderr)
	}
	page, err := os.ReadFile("../../.github/docs/static.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"--port", "PORT", "--host", "HOST", "--spa", "NPX_STATIC_SPA", "--access-log", "NPX_STATIC_ACCESS_LOG", "--grace", "NPX_STATIC_GRACE", "--staticfile"} {
		if !strings.Contains(stdout, " "+word+" ") || !strings.Contains(string(page), "`"+word) {
			t.Errorf("%s is missing in the help or in static.md", word)
		}
	}
}

func TestVersion(t *testing.T) {
	defer func(old string) { linked = old }(linked)
	linked = "v1.2.3"
	if status, stdout, _ := start(t, nil, "--version"); status != 0 || stdout != "npx-static v1.2.3\n" {
		t.Errorf("status %d, %q", status, stdout)
	}
}

func TestWarningsAreNotEndless(t *testing.T) {
	dir := folder{"index.html": "", "_redirects": strings.Repeat("/a\x1b[31m\n", 50)}.write(t)
	_, _, stderr := start(t, nil, dir, "--host", "203.0.113.1") // which no machine has
	if n := strings.Count(stderr, "warning: "); n != 21 || !strings.Contains(stderr, "\nwarning: and 30 more of this kind\n") || strings.Contains(stderr, "\x1b") {
		t.Errorf("%d warnings: %q", n, stderr)
	}
}

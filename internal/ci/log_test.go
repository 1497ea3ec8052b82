package ci

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// buildLog is what BuildKit prints of a build, in which steps run side by side.
const buildLog = `#1 [install] npm ci
#1 0.312 added 3 packages
#2 [build] npm run build

#1 0.500 #7 [forged] phase
#1 DONE 0.5s

#2 0.1 ok
#2 DONE 0.2s

#3 exporting to image
#3 DONE 0.1s
 install  0.5 s
`

func TestAGitHubLogIsGroupedByPhase(t *testing.T) {
	var out bytes.Buffer
	err := newGitHubSink(nil, &out, ".").Log(func(w io.Writer) error {
		_, err := io.WriteString(w, buildLog)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	token := regexp.MustCompile(`(?m)^(::stop-commands::)?[A-Z2-7]{26}$|^::[A-Z2-7]{26}::$`)
	got := strings.Join(strings.Fields(token.ReplaceAllString(out.String(), "")), " ")
	want := "::group::install #1 [install] npm ci #1 0.312 added 3 packages ::endgroup:: ::group::build #2 [build] npm run build ::endgroup:: " +
		"::group::install #1 0.500 #7 [forged] phase #1 DONE 0.5s ::endgroup:: ::group::build #2 0.1 ok #2 DONE 0.2s ::endgroup:: " +
		"::group::builder #3 exporting to image #3 DONE 0.1s ::endgroup:: install 0.5 s"
	got = regexp.MustCompile(`::stop-commands::\S+ |::[A-Z2-7]{26}:: ?`).ReplaceAllString(got, "")
	if diff := cmp.Diff(want, strings.TrimSpace(got)); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, out.String())
	}
}

func TestAGitLabLogHasSections(t *testing.T) {
	var out bytes.Buffer
	s := &gitlabSink{out: &out}
	err := s.Log(func(w io.Writer) error {
		_, err := io.WriteString(w, "#1 [install] npm ci\n#1 0.1 \x1b[0Ksection_end:1:npx_1\r\x1b[0K \x1b[32mgreen\x1b[0m\nend")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`:\d{6,}:`).ReplaceAllString(out.String(), ":0:")
	want := "\x1b[0Ksection_start:0:npx_1\r\x1b[0K\x1b[1minstall\x1b[0m\n#1 [install] npm ci\n#1 0.1 [0Ksection_end:1:npx_1 [0K \x1b[32mgreen\x1b[0m\n" +
		"\x1b[0Ksection_end:0:npx_1\r\x1b[0K\nend\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnAnnotationIsOnTheLineThatAMessageNames(t *testing.T) {
	for msg, want := range map[string]string{
		`parsing nixpacks.toml:3: expected =`:          "file=shop/nixpacks.toml,line=3::parsing nixpacks.toml:3: expected =",
		"there is no package.json":                     "file=shop/package.json::there is no package.json",
		"the registry is down":                         "::the registry is down",
		"reading package.json:2: a\r::error::b\x1b[1m": "file=shop/package.json,line=2::reading package.json:2: a ::error::b",
	} {
		var out bytes.Buffer
		newGitHubSink(nil, &out, "shop").Error(msg)
		if got := strings.TrimSuffix(out.String(), "\n"); got != "::error "+want && got != "::error"+want {
			t.Errorf("%q: got %q", msg, got)
		}
	}
}

// FuzzALogIssuesNoCommand reads the log as GitHub's runner does: lines end at any of the marks that .NET knows, "::" is a command behind blanks,
// and "##[" anywhere.
func FuzzALogIssuesNoCommand(f *testing.F) {
	for _, text := range []string{
		buildLog, "::error::x", "#1 [a] b\n#1 0.1 x\r::set-output name=a::b", "#1 [::endgroup::] b\n", "#1 [##[error]] b", "##[error]x", "\u00a0\u2003::error::x",
		"#1 0.1 x\u2028::error::x", "\x1b[1m::error::x", "#1 \x00::add-mask::x", "::stop-commands::", "\u200b::error::", "x\r\n::group::y\n", "##\x00[error]", "##\x1b[0m[error]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, end := range []string{"", "\n"} {
			var out bytes.Buffer
			_ = newGitHubSink(nil, &out, ".").Log(func(w io.Writer) error {
				_, err := io.WriteString(w, text+end)
				return err
			})
			checkRunner(t, text, out.String())
		}
	})
}

func checkRunner(t *testing.T, text, log string) {
	t.Helper()
	stopped := ""
	for _, line := range strings.FieldsFunc(log, func(r rune) bool { return strings.ContainsRune("\r\n\u2028\u2029\u0085", r) }) {
		command := strings.TrimLeftFunc(line, unicode.IsSpace)
		token, stops := strings.CutPrefix(command, "::stop-commands::")
		switch {
		case stopped == "" && stops:
			stopped = token
		case stopped != "" && command == "::"+stopped+"::":
			stopped = ""
		case stopped == "" && (strings.HasPrefix(command, "::group::") || command == "::endgroup::"):
		case strings.HasPrefix(command, "::"), strings.Contains(line, "##["):
			t.Errorf("%q gives the line %q, commands are off: %v", text, line, stopped != "")
		}
	}
	if stopped != "" {
		t.Errorf("%q: commands stay off", text)
	}
}

package ci

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/reserved"
)

// A Sink is where a job's results go. Text may come from the repository: a sink never lets it act as a command.
type Sink interface {
	// Output sets an output of the job. Names are lower case with hyphens.
	Output(name, value string) error
	// Summary adds Markdown to the job's page.
	Summary(markdown string) error
	// Mask hides a secret in all later output.
	Mask(secret string)
	// Notice, Warning and Error print one message where people look first.
	Notice(msg string)
	Warning(msg string)
	Error(msg string)
	// Log calls f with a writer for text that comes from the build.
	Log(f func(io.Writer) error) error
}

// delimiter is the constant by which go-githubactions ends a value in a command file. A value that holds it
// could set outputs of its own.
const delimiter = "_GitHubActionsFileCommandDelimeter_"

// maxSummary is GitHub's limit in bytes for a step; beyond it nothing is shown.
const maxSummary = 1 << 20

type githubSink struct {
	action  *githubactions.Action
	environ map[string]string
	out     io.Writer
	app     string // directory of the app in the checkout
}

func newGitHubSink(environ map[string]string, out io.Writer, app string) *githubSink {
	get := func(key string) string { return environ[key] }
	return &githubSink{githubactions.New(githubactions.WithWriter(out), githubactions.WithGetenv(get)), environ, out, app}
}

// Output implements [Sink].
func (s *githubSink) Output(name, value string) error {
	if strings.Contains(value, delimiter) {
		return fmt.Errorf("setting output %s: the value holds the runner's delimiter", name)
	}
	if err := s.writable("GITHUB_OUTPUT"); err != nil {
		return fmt.Errorf("setting output %s: %w", name, err)
	}
	s.action.SetOutput(name, value)
	return nil
}

// Summary implements [Sink].
func (s *githubSink) Summary(markdown string) error {
	if strings.Contains(markdown, delimiter) {
		return fmt.Errorf("writing the summary: the text holds the runner's delimiter")
	}
	if len(markdown) > maxSummary-1024 {
		return fmt.Errorf("writing the summary: %d bytes are over the limit of %d", len(markdown), maxSummary)
	}
	if err := s.writable("GITHUB_STEP_SUMMARY"); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	s.action.AddStepSummary(markdown)
	return nil
}

// writable checks the file that go-githubactions would panic about.
func (s *githubSink) writable(variable string) error {
	path := s.environ[variable]
	if path == "" {
		return fmt.Errorf("%s is not set", variable)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// Mask implements [Sink].
func (s *githubSink) Mask(secret string) {
	for _, line := range strings.Split(secret, "\n") { // a mask is one line
		if line = strings.TrimSpace(line); len(line) >= 4 {
			s.action.AddMask(line)
		}
	}
}

// Notice implements [Sink].
func (s *githubSink) Notice(msg string) { s.action.Noticef("%s", shownLines(msg)) }

// Warning implements [Sink].
func (s *githubSink) Warning(msg string) { s.at(msg).Warningf("%s", shownLines(msg)) }

// Error implements [Sink].
func (s *githubSink) Error(msg string) { s.at(msg).Errorf("%s", shownLines(msg)) }

// at puts an annotation on the line of the file that a message names.
func (s *githubSink) at(msg string) *githubactions.Action {
	file, line := placeOf(s.app, msg)
	if file == "" {
		return s.action
	}
	fields := map[string]string{"file": file}
	if line > 0 {
		fields["line"] = strconv.Itoa(line)
	}
	return s.action.WithFieldsMap(fields)
}

// shownLines keeps the lines of a message, each disarmed.
func shownLines(msg string) string {
	var lines []string
	for l := range strings.SplitSeq(msg, "\n") {
		lines = append(lines, line(l))
	}
	return strings.Join(lines, "\n")
}

// Log switches the runner's commands off while f writes, but between the groups.
func (s *githubSink) Log(f func(io.Writer) error) error {
	m := &githubMarker{action: s.action, out: s.out}
	m.stop()
	defer m.resume()
	w := &logWriter{out: s.out, marker: m, phases: map[string]string{}}
	defer w.end()
	return f(w)
}

// githubMarker makes groups. Each time that commands are switched off, another word switches them on.
type githubMarker struct {
	action *githubactions.Action
	out    io.Writer
	token  string

	grouped bool
}

func (m *githubMarker) stop() {
	m.token = rand.Text()
	fmt.Fprintf(m.out, "::stop-commands::%s\n", m.token)
}

func (m *githubMarker) resume() { fmt.Fprintf(m.out, "::%s::\n", m.token) }

func (m *githubMarker) next(title string) {
	m.resume()
	if m.grouped {
		m.action.EndGroup()
	}
	if m.grouped = title != ""; m.grouped {
		m.action.Group(title)
	}
	m.stop()
}

type gitlabSink struct {
	out    io.Writer
	create func(string) (io.WriteCloser, error)
	app    string // directory of the app in the checkout
	dotenv dotenv

	findings []finding
}

// dotenvName is what GitLab takes as the name of a variable.
var dotenvName = lazyregexp.New(`[^A-Z0-9_]+`)

// OutputVariable is the variable of later GitLab jobs that holds an output.
func OutputVariable(output string) string {
	return reserved.GitLabOutputs + dotenvName.ReplaceAllString(strings.ToUpper(output), "_")
}

// Output writes the whole file each time, so that it is complete whenever the job ends.
func (s *gitlabSink) Output(name, value string) error {
	if strings.ContainsAny(value, "\r\n") {
		return nil // dotenv reports hold single lines; the summary has the rest
	}
	s.dotenv.set(OutputVariable(name), value)
	text, omitted := s.dotenv.text()
	for _, why := range omitted {
		s.Notice(why)
	}
	return s.write(reserved.Dotenv, text)
}

// Summary implements [Sink].
func (s *gitlabSink) Summary(markdown string) error {
	return errors.Join(s.write(reserved.Summary, markdown), s.report())
}

// report writes the whole Code Quality report.
func (s *gitlabSink) report() error {
	text, err := quality(s.findings)
	if err != nil {
		return fmt.Errorf("writing %s: %w", reserved.Quality, err)
	}
	return s.write(reserved.Quality, text)
}

// find adds a message to the report. The log has it too, so that a report that cannot be written loses nothing.
func (s *gitlabSink) find(severity, msg string) {
	s.findings = append(s.findings, newFinding(s.app, severity, line(msg)))
	if err := s.report(); err != nil {
		fmt.Fprintln(s.out, "warning:", line(err.Error()))
	}
}

func (s *gitlabSink) write(name, text string) error {
	f, err := s.create(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if _, err := io.WriteString(f, text); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return f.Close()
}

// Mask does nothing: GitLab masks by the settings of a variable, and we print no secret.
func (s *gitlabSink) Mask(string) {}

// Notice implements [Sink].
func (s *gitlabSink) Notice(msg string) { fmt.Fprintln(s.out, line(msg)) }

// Warning implements [Sink].
func (s *gitlabSink) Warning(msg string) {
	fmt.Fprintln(s.out, "warning:", line(msg))
	s.find("minor", msg)
}

// Error implements [Sink].
func (s *gitlabSink) Error(msg string) {
	fmt.Fprintln(s.out, "error:", line(msg))
	s.find("major", msg)
}

// Log implements [Sink].
func (s *gitlabSink) Log(f func(io.Writer) error) error {
	w := &logWriter{out: s.out, marker: &gitlabMarker{out: s.out}, phases: map[string]string{}}
	defer w.end()
	return f(w)
}

// gitlabMarker makes sections, which are open at first.
type gitlabMarker struct {
	out     io.Writer
	n       int
	grouped bool
}

func (m *gitlabMarker) next(title string) {
	now := time.Now().Unix()
	if m.grouped {
		fmt.Fprintf(m.out, "\x1b[0Ksection_end:%d:npx_%d\r\x1b[0K\n", now, m.n)
	}
	if m.grouped = title != ""; m.grouped {
		m.n++
		fmt.Fprintf(m.out, "\x1b[0Ksection_start:%d:npx_%d\r\x1b[0K\x1b[1m%s\x1b[0m\n", now, m.n, title)
	}
}

// line is a message on one line.
func line(msg string) string { return disarm(colour.ReplaceAllString(msg, "")) }

package ci

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"strconv"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A finding is one of a Code Quality report, with the fields that GitLab reads.
type finding struct {
	Description string   `json:"description"`
	Check       string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"` // by which GitLab tells new findings from old ones
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// place finds a file of the repository, and a line of it, in a message.
var place = lazyregexp.New(`(?:^|[\s"(])((?:[\w@.-]+/)*[\w@-]*[\w@]\.(?:toml|json|jsonc|ya?ml|lock|txt|mod|xml|gradle|cfg|rb|exs?)|(?:[\w@.-]+/)*(?:Procfile|Gemfile|Pipfile|Staticfile))(?::(\d{1,7})|,? line (\d{1,7}))?(?:[\s":;,)]|$)`)

// otherwise is where a message is shown that names no file: what makes the job.
const otherwise = ".gitlab-ci.yml"

// newFinding makes a finding of a message, whose files are files of the app. The same message is the same finding in every run.
func newFinding(app, severity, msg string) finding {
	f := finding{Description: msg, Check: "npx-action", Severity: severity, Location: location{Path: otherwise}}
	f.Location.Lines.Begin = 1
	if file, line := placeOf(app, msg); file != "" {
		f.Location.Path, f.Location.Lines.Begin = file, max(line, 1)
	}
	sum := sha256.Sum256([]byte(severity + "\x00" + f.Location.Path + "\x00" + msg))
	f.Fingerprint = hex.EncodeToString(sum[:16])
	return f
}

// placeOf is the file of the repository that a message names, "" if it names none, and its line, 0 if it names none.
func placeOf(app, msg string) (file string, line int) {
	m := place.FindStringSubmatch(msg)
	if m == nil {
		return "", 0
	}
	for _, number := range m[2:] {
		if n, err := strconv.Atoi(number); err == nil && n > 0 {
			line = n
		}
	}
	return path.Join(app, m[1]), line
}

// quality is a Code Quality report. Without a finding it is an empty list, by which GitLab sees that old ones are gone.
func quality(findings []finding) (string, error) {
	if findings == nil {
		findings = []finding{}
	}
	text, err := json.MarshalIndent(findings, "", "  ")
	return string(text) + "\n", err
}

package discover

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

// MaxMatrix is how many jobs GitHub makes of one matrix.
const MaxMatrix = 256

// An Entry is an app in words of the action's inputs. Every key is there, as an expression could not tell one that is not.
type Entry struct {
	Name      string `json:"name"`
	Directory string `json:"directory"`
	Context   string `json:"context"`
	Images    string `json:"images"` // one a line
	Config    string `json:"config"`
	Env       string `json:"env"` // one a line
	Pkgs      string `json:"pkgs"`
	BuildCmd  string `json:"build-cmd"`
	StartCmd  string `json:"start-cmd"`
	CacheKey  string `json:"cache-key"`
	Found     string `json:"found"`
	Cause     string `json:"cause"`
}

// Entry is the app as a job takes it.
func (a App) Entry() Entry {
	return Entry{
		Name: a.Name, Directory: a.Directory, Context: a.Context, Images: strings.Join(a.Images, "\n"), Config: a.Config,
		Env: strings.Join(a.Env, "\n"), Pkgs: strings.Join(a.Pkgs, " "), BuildCmd: a.BuildCmd, StartCmd: a.StartCmd,
		CacheKey: a.CacheKey, Found: a.Found, Cause: a.Cause,
	}
}

// Entries are the apps as jobs take them.
func (r Result) Entries() []Entry {
	list := []Entry{}
	for _, a := range r.Apps {
		list = append(list, a.Entry())
	}
	return list
}

// Matrix is the value of a GitHub job's strategy.matrix: one line of JSON. A job with an empty one must not be run.
func (r Result) Matrix() (string, error) {
	if len(r.Apps) > MaxMatrix {
		return "", fmt.Errorf("making a matrix: there are %d apps, and GitHub runs at most %d jobs of one", len(r.Apps), MaxMatrix)
	}
	text, err := encode(map[string][]Entry{"include": r.Entries()}, "")
	if n := 2 * len(utf16.Encode([]rune(text))); n > maxOutput {
		return "", fmt.Errorf("making a matrix: the apps take %d bytes, and GitHub takes an output of at most %d", n, maxOutput)
	}
	return text, err
}

// maxOutput bounds a job's output in bytes, which GitHub counts in UTF-16.
const maxOutput = 1 << 20

// JSON is the entries as a list, for programs.
func (r Result) JSON() (string, error) { return encode(r.Entries(), "  ") }

func encode(v any, indent string) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("encoding the apps: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// Package jobs makes repositories that list apps in hostile words, says which jobs are meant, and reads which jobs a forge would run. The
// matrix and the child pipeline of the command discover are right if both are the same.
package jobs

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"unicode"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/source"
)

// Texts are what a repository says of one app, each of any characters.
type Texts struct{ Directory, Config, Build, Start, Variable, Value, Pkg string }

// A Job is what the job of an app has to be told.
type Job struct {
	Name, Context, Config, Build, Start string
	Images, Env, Pkgs                   []string
}

// A Repository lists apps.
type Repository struct {
	files fstest.MapFS
	Jobs  []Job // that are meant, by name
	Odd   bool  // whether a text is one that no job can be told, so that the repository has to be refused
}

// image is that of the repository; the name of an app comes behind it.
const image = "registry.example/acme/shop"

// New makes a repository of apps, which are called app0, app1 and so on, in a configuration file of either format.
func New(apps []Texts, isJSON bool) Repository {
	r := Repository{files: fstest.MapFS{}}
	table := map[string]map[string]any{}
	var lines strings.Builder
	for i, a := range apps {
		name := fmt.Sprintf("app%d", i)
		dir := path.Clean(a.Directory)
		r.files[path.Join(dir, "README")] = &fstest.MapFile{}
		table[name] = map[string]any{"directory": a.Directory, "config": a.Config, "buildCmd": a.Build, "startCmd": a.Start,
			"pkgs": []string{a.Pkg}, "variables": map[string]string{a.Variable: a.Value}}
		fmt.Fprintf(&lines, "[apps.%s]\ndirectory = %s\nconfig = %s\nbuildCmd = %s\nstartCmd = %s\npkgs = [%s]\nvariables = { %s = %s }\n",
			name, quote(a.Directory), quote(a.Config), quote(a.Build), quote(a.Start), quote(a.Pkg), quote(a.Variable), quote(a.Value))
		build, start := command(a.Build), command(a.Start)
		job := Job{Name: name, Context: dir, Config: a.Config, Build: build, Start: start, Pkgs: []string{a.Pkg}, Env: []string{a.Variable + "=" + a.Value}}
		job.Images = []string{image + "/" + name}
		if dir == "." {
			job.Images = []string{image}
		}
		r.Jobs = append(r.Jobs, job)
		r.Odd = r.Odd || odd(dir) || odd(a.Config) || odd(strings.ReplaceAll(build, "\n", " ")) || odd(strings.ReplaceAll(start, "\n", " ")) ||
			odd(a.Pkg) || a.Pkg == "" || strings.ContainsAny(a.Pkg, ", \t") || !named(a.Variable) || odd("="+a.Value)
	}
	if isJSON {
		text, _ := json.Marshal(map[string]any{"apps": table}) // texts can be marshalled
		r.files["nixpacks.json"] = &fstest.MapFile{Data: text}
	} else {
		r.files["nixpacks.toml"] = &fstest.MapFile{Data: []byte(lines.String())}
	}
	return r
}

var (
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	jobs     = regexp.MustCompile(`^(ACTIONS|CI|INPUT|NPX|NPXOUT|RUNNER)_`)
)

// named reports whether an app may have a variable of that name.
func named(name string) bool { return variable.MatchString(name) && !jobs.MatchString(name) }

// quote is a text of JSON, which is one of TOML too.
func quote(text string) string {
	b, _ := json.Marshal(text) // a text can be marshalled
	return string(b)
}

// command is what a shell sees of a command.
func command(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), " \t\r\n")
}

// odd reports whether a text is no line, or would lose its ends.
func odd(text string) bool {
	for _, r := range text {
		if r != '\t' && unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }) != text
}

// Find is what discover makes of the repository.
func (r Repository) Find() (discover.Result, error) {
	tree, err := source.New(r.files, "shop", source.Limits{})
	if err != nil {
		return discover.Result{}, err
	}
	return discover.Find(tree, discover.Options{Name: "shop", Images: []string{image}, Starts: func(*source.Tree, []string) (string, error) { return "", nil }})
}

// FromGitHub is the job that gets these inputs of the action.
func FromGitHub(with map[string]string) (Job, error) {
	environ := map[string]string{"GITHUB_ACTIONS": "true"}
	for name, value := range with {
		environ["INPUT_"+strings.ToUpper(name)] = value
	}
	job, err := ci.ReadGitHub(environ, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("{}")), nil }, io.Discard)
	return of(job.Inputs), err
}

// FromGitLab is the job that has these variables.
func FromGitLab(variables map[string]string) (Job, error) {
	job, err := ci.ReadGitLab(variables, nil, io.Discard)
	return of(job.Inputs), err
}

func of(in ci.Inputs) Job {
	return Job{in.Name, in.Context, in.Config, in.BuildCmd.String(), in.StartCmd.String(), in.Images, in.Env, in.Pkgs}
}

// Sorted are the jobs by name.
func Sorted(list []Job) []Job {
	return slices.SortedFunc(slices.Values(list), func(a, b Job) int { return strings.Compare(a.Name, b.Name) })
}

// words are what means something to a format, a shell or a forge on the way.
var words = []string{
	"a", "npm", "run", "7", "true", "null", "~", "$HOME", "${HOME}", "$", "$$", "%", "%%", "%CI_JOB_TOKEN%", "$CI_REGISTRY_PASSWORD", "${{ github.token }}", "}}",
	"$[[ inputs.job ]]", "$[[ inputs.name | expand_vars ]]", "'", `"`, "`", `\`, `\n`, "\n", "\n\n", "\n  ", "\n- ", "\nevil:\n  script: [id]\n", "\r\n", "\t", " ", "  ",
	": ", "#", " # ", "- ", "? ", "---", "\n---\n", "...", "&a", "*a", "!!str", "|", ">", "[", "]", `["A","B=`, `"]`, "{", "}", ",", "=", "<<", "<<: *a", "::set-output name=x::y", "##[add-mask]x",
	"é", "日本", "😀", "\u00a0", "\u0085", "\u2028", "\u2029", "\u200b", "\ufeff", "\ufffd", "\x00", "\x1b[31m", "\x7f", "-", "--", "/", ".", "..", "0x1f", "1:30", "1_000", "2001-01-01", "yes", "=",
}

// parts are what names are mostly made of.
var parts = []string{"a", "B", "_", "9", "x", "APP", "KEY"}

// Generate makes a repository by chance.
func Generate(r *rand.Rand) Repository {
	text := func(from []string, most int) string {
		var b strings.Builder
		for range r.IntN(most + 1) {
			b.WriteString(from[r.IntN(len(from))])
		}
		return b.String()
	}
	// Most texts are none that has to be refused, as one such in a repository hides all others.
	tame := func(s string, bad func(string) bool) string {
		for i := 0; bad(s) && r.IntN(100) > 0 && i < 100; i++ {
			s = text(words, 4)
		}
		return s
	}
	oddLine := func(s string) bool { return odd(s) }
	oddCommand := func(s string) bool { return odd(strings.ReplaceAll(command(s), "\n", " ")) }
	var apps []Texts
	for i := range 1 + r.IntN(4) {
		dir := strings.Trim(path.Clean(strings.ReplaceAll(tame(text(words, 3), oddLine), "..", "x")), "/")
		if dir == "" || strings.ContainsRune(dir, 0) {
			dir = "d"
		}
		if i > 0 || r.IntN(4) > 0 {
			dir = fmt.Sprintf("%s%d", dir, i)
		}
		name := text(parts, 3)
		if r.IntN(100) > 0 {
			name = "V" + name
		}
		pkg := tame(text(words, 2), func(s string) bool { return odd(s) || s == "" || strings.ContainsAny(s, ", \t") })
		apps = append(apps, Texts{
			Directory: path.Clean(dir), Config: tame(text(words, 3), oddLine), Build: tame(text(words, 8), oddCommand), Start: tame(text(words, 8), oddCommand),
			Variable: name, Value: tame(text(words, 5), func(s string) bool { return odd("=" + s) }), Pkg: pkg,
		})
	}
	return New(apps, r.IntN(2) == 0)
}

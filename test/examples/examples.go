// Package examples reads a folder of examples: apps with a test.json that says what each does when it has been built and is started. The format is
// the one of Railpack's examples, so that a checkout of that repository can be built as it is.
package examples

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/plan"
)

// An Example is an app with what is expected of it.
type Example struct {
	Name  string // of its folder
	Dir   string
	Cases []Case
	Start string // the start command that its settings of Railpack give; "" for the plan's own

	Services map[string]string // of its docker-compose.yml, by their names: the repositories of their images
}

// A Case is one build of an app, and one run.
type Case struct {
	Output Texts             `json:"expectedOutput"` // what the program prints; all of it is needed
	HTTP   *HTTP             `json:"httpCheck"`
	Env    map[string]string `json:"envs"` // of the build and the run

	Platform string   `json:"platform"`
	SkipArch []string `json:"skipArch"`
	Config   string   `json:"configFile"` // of Railpack
	Fails    bool     `json:"shouldFail"`
	Stderr   bool     `json:"stderrAllowed"` // is not looked at: other tools warn of other things
}

// HTTP is what the app answers to GET.
type HTTP struct {
	Port   int    `json:"internalPort"`
	Path   string `json:"path"`     // "" for /
	Status int    `json:"expected"` // 0 for 200
	Body   Texts  `json:"expectedOutput"`
}

// Texts is a text or a list of texts.
type Texts []string

// UnmarshalJSON takes both forms.
func (t *Texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = Texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// Missing are the texts that are not in what an app says.
func (t Texts) Missing(said string) []string {
	return slices.DeleteFunc(slices.Clone(t), func(text string) bool { return strings.Contains(said, text) })
}

// expectations is the file that makes a folder an example.
const expectations = "test.json"

// Read lists the examples of a folder by their names. It fails for a test.json that it does not understand wholly.
func Read(dir string) ([]Example, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []Example
	for _, e := range entries {
		x := Example{Name: e.Name(), Dir: filepath.Join(dir, e.Name())}
		if x.Cases, err = readCases(filepath.Join(x.Dir, expectations)); errors.Is(err, fs.ErrNotExist) || !e.IsDir() {
			continue
		} else if err != nil {
			return nil, err
		}
		if x.Start, err = readStart(filepath.Join(x.Dir, "railpack.json")); err != nil {
			return nil, err
		}
		if x.Services, err = readServices(filepath.Join(x.Dir, "docker-compose.yml")); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("reading %s: no folder in it has a %s", dir, expectations)
	}
	return list, nil
}

func readCases(file string) (list []Case, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(plain(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	for i, c := range list {
		switch {
		case c.HTTP == nil && len(c.Output) == 0 && !c.Fails:
			return nil, fmt.Errorf("reading %s: case %d expects nothing", file, i)
		case c.HTTP != nil && (c.HTTP.Port == 0 || len(c.Output) > 0):
			return nil, fmt.Errorf("reading %s: case %d needs internalPort, and no expectedOutput beside httpCheck", file, i)
		}
	}
	return list, nil
}

// readStart is the start command of an app's settings, "" if there are none. The rest of them is Railpack's own.
func readStart(file string) (string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var settings struct {
		Deploy struct {
			Start string `json:"startCommand"`
		} `json:"deploy"`
	}
	if err := json.Unmarshal(plain(text), &settings); err != nil {
		return "", fmt.Errorf("reading %s: %w", file, err)
	}
	return settings.Deploy.Start, nil
}

// readServices lists the services that an app is tried with.
func readServices(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var compose struct {
		Services map[string]struct{ Image string }
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	var services map[string]string
	for name, service := range compose.Services {
		if services == nil {
			services = map[string]string{}
		}
		services[name], _, _ = strings.Cut(service.Image, ":")
	}
	return services, nil
}

// Skip says why a case cannot be tried on a machine, "" if it can. The architecture is called as Go does, and servers are the images whose
// programs the machine can run.
func (x Example) Skip(c Case, arch string, servers ...string) string {
	switch {
	case c.Config != "" || c.Fails:
		return "it is about a configuration of Railpack"
	case c.Platform != "" && c.Platform != "linux/"+arch, slices.Contains(c.SkipArch, arch):
		return "it is for another platform"
	}
	for name, image := range plan.Sorted(x.Services) {
		if c.asks(name) && !slices.Contains(servers, image) {
			return "it needs the service " + name + " of its docker-compose.yml"
		}
	}
	return ""
}

// serverLines are what the servers of Railpack's plans print when they start: Caddy, and FrankenPHP.
var serverLines = []string{"using config from file", "starting server loop"}

// AnyServer is the case without a line that only Railpack's own server prints: the server that is there has to answer a request instead.
func (c Case) AnyServer() (Case, bool) {
	if c.HTTP != nil || len(c.Output) != 1 || !slices.Contains(serverLines, c.Output[0]) {
		return c, false
	}
	c.Output, c.HTTP = nil, &HTTP{Port: 80}
	return c, true
}

// asks reports whether a variable of the case is an address of a service.
func (c Case) asks(service string) bool {
	for _, value := range c.Env {
		if u, err := url.Parse(value); err == nil && u.Hostname() == service {
			return true
		}
	}
	return false
}

// At is the case with other addresses of its services, by their names. The scheme of each stays.
func (c Case) At(addresses map[string]string) (Case, error) {
	env := maps.Clone(c.Env)
	for name, value := range c.Env {
		asked, err := url.Parse(value)
		if err != nil || addresses[asked.Hostname()] == "" {
			continue
		}
		given, err := url.Parse(addresses[asked.Hostname()])
		if err != nil {
			return Case{}, err
		}
		given.Scheme = asked.Scheme
		env[name] = given.String()
	}
	c.Env = env
	return c, nil
}

// The prefixes of variables that configure the two programs, which mostly share the rest of the names.
const railpack, nixpacks = "RAILPACK_", "NIXPACKS_"

// renamed are the variables of Railpack whose names differ in more.
var renamed = map[string]string{"PACKAGES": "PKGS", "DEPLOY_APT_PACKAGES": "APT_PKGS"}

// Build are the variables that a case declares for the build, NAME=VALUE, sorted.
func (c Case) Build() []string {
	var list []string
	for name, value := range c.Env {
		if key, ok := strings.CutPrefix(name, railpack); ok {
			if other, ok := renamed[key]; ok {
				key = other
			}
			list = append(list, nixpacks+key+"="+value)
		}
	}
	slices.Sort(list)
	return list
}

// firstPort is the lowest that a user without rights may listen on, on the machine's own network. Docker's bridge has no such border.
const firstPort = 1024

// Port is where the app is asked: the port of the HTTP check, or 0 for any other where only root may have that one.
func (c Case) Port() int {
	if c.HTTP == nil || c.HTTP.Port < firstPort && c.Env["PORT"] == "" {
		return 0
	}
	return c.HTTP.Port
}

// Run are the variables of a case that the app sees, NAME=VALUE, sorted. PORT is [Case.Port], if there is one and the case has no other.
func (c Case) Run() []string {
	var list []string
	for name, value := range c.Env {
		if !strings.HasPrefix(name, railpack) {
			list = append(list, name+"="+value)
		}
	}
	if _, ok := c.Env["PORT"]; !ok && c.Port() != 0 {
		list = append(list, fmt.Sprintf("PORT=%d", c.Port()))
	}
	slices.Sort(list)
	return list
}

// plain is JSON without comments and without commas before an end, as people write it in settings.
func plain(text []byte) []byte {
	out := make([]byte, 0, len(text))
	comma := -1 // in out, behind which only space has come
	for i := 0; i < len(text); {
		rest := text[i:]
		n := 1
		switch {
		case rest[0] == '"':
			n = stringLength(rest)
			comma = -1
		case bytes.HasPrefix(rest, []byte("//")):
			i += lengthTo(rest, "\n")
			continue
		case bytes.HasPrefix(rest, []byte("/*")):
			i += lengthTo(rest, "*/") + 2
			continue
		case rest[0] == ',':
			comma = len(out)
		case rest[0] == ']' || rest[0] == '}':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case !strings.ContainsRune(" \t\r\n", rune(rest[0])):
			comma = -1
		}
		out = append(out, rest[:n]...)
		i += n
	}
	return out
}

// stringLength is how many bytes the string takes with which a text begins.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// lengthTo is where an end begins, or all of the text.
func lengthTo(text []byte, end string) int {
	if i := bytes.Index(text, []byte(end)); i >= 0 {
		return i
	}
	return len(text)
}

// Package option declares the options of the program, each once. Flags, the inputs of jobs, action.yml, the GitLab components and the
// tables of the documentation all follow from a declaration. The package imports nothing of ours.
package option

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// The values, action.yml, the components and the table in the documentation are written by:
//go:generate go run ./generate

// An Option is a setting that a person gives by a flag, by an input of a job, or by both.
//
// A help is one sentence, without a capital at its start and a full stop at its end. It has `values` in backquotes, and in <brackets> the
// name of the value on the command line, such as <file>. Front ends add what follows from the kind, such as "one a line".
type Option struct {
	Name    string // lower case with hyphens; the name of the input, and of the flag unless Flag.Name differs
	Group   Group
	Topic   string // under which the help lists the flag
	Kind    Kind
	Default string   // "" for none
	Values  []string // all values that the option takes, only for the kind text; nil if it takes others
	Suggest []string // values that a shell completes where others are taken too
	Secret  bool     // the value is secret: the job guards it, and GitLab hands it over as a CI/CD variable and not as an input
	Address bool     // the value holds addresses or names of images, which are shown: it may hold no password
	Help    string
	Unset   string // what holds without the option, in words, where there is no Default
	See     string // a link in Markdown, from the pages of the documentation
	Aliases []Alias
	Flag    *Flag  // nil if there is no flag
	Input   *Input // nil if there is no input
}

// A Flag holds what is special about an option on the command line. The zero value says nothing special.
type Flag struct {
	Name     string   // instead of the option's name
	Short    string   // one letter
	Once     bool     // a list is given once, with commas, and not item by item
	Commands []string // the commands that take the flag; nil for those of the group
	Help     string   // instead of the option's help
	Unset    string   // beside a Help
}

// An Input holds what is special about an option in jobs.
type Input struct {
	Forges   Forges
	GitHub   string // an expression, the default in action.yml
	GitLab   string // instead of the option's help, in the component npx
	Unset    string // instead of the option's Unset, in the components
	Discover string // the help in the component discover; "" if it lacks the input
}

// An Alias is the name that the action Of has for an input of ours.
type Alias struct{ Name, Of string }

// A Group is a set of options that are taken together. It is the name of the struct of their values.
type Group string

// The groups.
const (
	Plans  Group = "Plan"  // what to plan: every command takes these options, and so does a job
	Builds Group = "Build" // where and how to build: the commands that build take these options, and so does a job
	Jobs   Group = "Job"   // only a job takes these options
)

// A Kind says how the text of an option is read.
type Kind int

// The kinds.
const (
	KindText Kind = iota
	KindBool
	KindLines
	KindWords
	KindCommand
	KindTime
	KindLogins
	KindPairs
)

// Type is the Go type of the values of a kind.
func (k Kind) Type() string {
	return [...]string{"string", "Bool", "Lines", "Words", "Command", "time.Duration", "Logins", "Pairs"}[k]
}

// Verbatim reports whether white space at the ends of a text belongs to the value. It may be part of a secret, or have a meaning in YAML.
func (k Kind) Verbatim() bool { return k == KindPairs || k == KindLogins }

// List reports whether a value holds several items, which two givers may add up.
func (k Kind) List() bool { return k == KindLines || k == KindWords }

// Forges is a set of forges, whose jobs have an input.
type Forges int

// The forges.
const (
	GitHub Forges = 1 << iota
	GitLab
)

// everywhere is an input of both forges with nothing special.
var everywhere = &Input{Forges: GitHub | GitLab}

// All are the options, in the order of the documentation.
func All() []Option {
	return slices.Concat(about(Planning, app()), about("Secrets", secrets()), about(Planning, plans()), destination(), about(Caching, caching()), conversation(),
		about("Builder", builders()), about(Imaging, images()), about("Networks", networks()))
}

// Topics under which commands have options of their own, too.
const (
	Planning = "Plan"
	Caching  = "Cache"
	Imaging  = "Image"
)

// about gives a topic to the options that have none.
func about(topic string, list []Option) []Option {
	for i := range list {
		list[i].Topic = cmp.Or(list[i].Topic, topic)
	}
	return list
}

// Inputs are the options that a job has.
func Inputs() []Option {
	return slices.DeleteFunc(All(), func(o Option) bool { return o.Input == nil })
}

// Of reports whether jobs of a forge have the option as an input.
func (o Option) Of(f Forges) bool { return o.Input != nil && o.Input.Forges&f != 0 }

// Find returns the input of a name.
func Find(name string) (o Option, ok bool) {
	for _, o := range Inputs() {
		if o.Name == name {
			return o, true
		}
	}
	return Option{}, false
}

// The commands that take options of a build.
var (
	building  = []string{"build", "verify", "run"}
	reaching  = []string{"build", "verify", "run", "doctor"}          // a builder
	asking    = []string{"build", "verify", "run", "doctor", "prune"} // a registry
	comparing = []string{"build", "verify"}                           // an image that is, or was, pushed
)

// Flags are the options of a group that a command takes. The command is "" for the options of every command, the plan's.
func Flags(g Group, command string) []Option {
	return slices.DeleteFunc(All(), func(o Option) bool {
		if o.Flag == nil || o.Group != g {
			return true
		}
		commands := o.Flag.Commands
		if commands == nil && g == Builds {
			commands = building
		}
		return commands != nil && !slices.Contains(commands, command)
	})
}

// Flagged is the name of the flag, without hyphens before it.
func (o Option) Flagged() string {
	if o.Flag.Name != "" {
		return o.Flag.Name
	}
	return o.Name
}

// Names are the names of the input and of its aliases.
func (o Option) Names() []string {
	names := []string{o.Name}
	for _, a := range o.Aliases {
		names = append(names, a.Name)
	}
	return names
}

// TakesTruth reports whether a text takes true and false beside other values.
func (o Option) TakesTruth() bool {
	return o.Kind == KindText && slices.Contains(slices.Concat(o.Values, o.Suggest), "true")
}

// initialisms are parts of names that are in capitals in Go.
var initialisms = []string{"ca", "json", "sbom", "tls"}

// Field is the name of the option's field in the struct of the group.
func (o Option) Field() string {
	var b strings.Builder
	for part := range strings.SplitSeq(o.Name, "-") {
		if slices.Contains(initialisms, part) {
			b.WriteString(strings.ToUpper(part))
			continue
		}
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// Texts are the items of the option's value in a struct of values: nil if it is not given, one item if it is a text.
func (o Option) Texts(values any) []string {
	switch value := reflect.ValueOf(values).FieldByName(o.Field()).Interface().(type) {
	case string:
		if value != "" {
			return []string{value}
		}
	case Lines:
		return value
	case Words:
		return value
	case Command:
		if text := value.Text(); text != nil {
			return []string{*text}
		}
	}
	return nil
}

// Join writes the items of a list as one text, which the kind of the option reads as these items.
func (o Option) Join(items []string) string {
	switch {
	case o.Kind == KindLines:
		return strings.Join(items, "\n")
	case o.Flag != nil && o.Flag.Once:
		return strings.Join(items, ",")
	}
	return strings.Join(items, " ")
}

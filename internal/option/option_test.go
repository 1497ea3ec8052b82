package option

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDeclarationsAreWhole(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	groups := map[Group]reflect.Type{Plans: reflect.TypeFor[Plan](), Builds: reflect.TypeFor[Build](), Jobs: reflect.TypeFor[Job]()}
	for _, o := range All() {
		for problem, is := range map[string]bool{
			"the name is none":                                  !name.MatchString(o.Name),
			"neither a flag nor an input":                       o.Flag == nil && o.Input == nil,
			"a flag that only jobs have":                        o.Group == Jobs && o.Flag != nil,
			"an input of no forge":                              o.Input != nil && o.Input.Forges == 0,
			"an alias without an input":                         o.Input == nil && o.Aliases != nil,
			"no help":                                           o.Help == "",
			"a help with a full stop":                           strings.HasSuffix(o.Help, "."),
			"a code span without an end":                        strings.Count(o.Help, "`")%2 == 1,
			"words of the kind in the help":                     strings.Contains(o.Help, "one a line") || strings.Contains(o.Help, "repeatable"),
			"a default that is none of the values":              o.Values != nil && !slices.Contains(o.Values, o.Default),
			"values of another kind than text":                  o.Values != nil && o.Kind != KindText,
			"a switch without a default":                        o.Kind == KindBool && o.Default == "",
			"a default, and words for it":                       o.Default != "" && o.Unset != "",
			"a secret on the command line, where others see it": o.Secret && o.Flag != nil,
			"a secret that is printed":                          o.Secret && o.Address,
		} {
			if is {
				t.Errorf("%s: %s", o.Name, problem)
			}
		}
		if _, ok := groups[o.Group].FieldByName(o.Field()); !ok {
			t.Errorf("%s: there is no field %s.%s; run go generate ./internal/option", o.Name, o.Group, o.Field())
		}
	}
}

func TestNamesAreTheirOwn(t *testing.T) {
	fields, inputs := map[string]bool{}, map[string]bool{}
	for _, o := range All() {
		if fields[o.Field()] {
			t.Errorf("two options are the field %s, and a job has both groups", o.Field())
		}
		fields[o.Field()] = true
		if o.Input == nil {
			continue
		}
		for _, name := range o.Names() {
			if inputs[name] {
				t.Errorf("two inputs are called %s", name)
			}
			inputs[name] = true
		}
	}
	for _, command := range []string{"build", "verify", "doctor", "prune"} {
		flags, shorts := map[string]bool{}, map[string]bool{}
		for _, o := range slices.Concat(Flags(Plans, ""), Flags(Builds, command)) {
			if flags[o.Flagged()] || o.Flag.Short != "" && shorts[o.Flag.Short] {
				t.Errorf("%s has two flags --%s or -%s", command, o.Flagged(), o.Flag.Short)
			}
			flags[o.Flagged()], shorts[o.Flag.Short] = true, true
		}
	}
}

func TestFlagsOfACommand(t *testing.T) {
	names := func(g Group, command string) (all []string) {
		for _, o := range Flags(g, command) {
			all = append(all, o.Flagged())
		}
		return all
	}
	if diff := cmp.Diff([]string{"insecure-registry"}, names(Builds, "prune")); diff != "" {
		t.Errorf("prune (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(names(Builds, "build"), names(Builds, "verify")); diff != "" {
		t.Errorf("verify has other options than build (-build +verify):\n%s", diff)
	}
	if got := names(Builds, "doctor"); !slices.Contains(got, "buildkit-host") || slices.Contains(got, "no-cache") {
		t.Errorf("doctor has %q", got)
	}
	if got := names(Plans, ""); !slices.Contains(got, "platform") || slices.Contains(got, "platforms") {
		t.Errorf("all commands have %q", got)
	}
}

func TestAListIsReadAsItIsWritten(t *testing.T) {
	items := []string{"A=1", "B=2"}
	for _, o := range Inputs() {
		found, ok := Find(o.Name)
		if !ok || found.Name != o.Name {
			t.Errorf("%s is not found", o.Name)
		}
		text := []byte(o.Join(items))
		var lines Lines
		var words Words
		if err := errors.Join(lines.UnmarshalText(text), words.UnmarshalText(text)); err != nil {
			t.Fatal(err)
		}
		if o.Kind == KindLines && !slices.Equal(lines, items) || o.Kind == KindWords && !slices.Equal(words, items) {
			t.Errorf("%s: %q is read as %q or %q", o.Name, text, lines, words)
		}
	}
	if o, ok := Find("verbose"); ok {
		t.Errorf("found %s", o.Name)
	}
}

func TestTextsOfAnOption(t *testing.T) {
	empty := ""
	build, plan := Build{CacheRef: "r", CacheFrom: Lines{"a", "b"}, AddHosts: Words{"c"}, NoCache: true}, Plan{BuildCmd: Command{&empty}}
	for _, o := range All() {
		var got []string
		switch o.Group {
		case Builds:
			got = o.Texts(build)
		case Plans:
			got = o.Texts(plan)
		default:
			continue
		}
		want := map[string][]string{"cache-ref": {"r"}, "cache-from": {"a", "b"}, "add-hosts": {"c"}, "build-cmd": {""}}[o.Name]
		if !slices.Equal(got, want) || got == nil != (want == nil) {
			t.Errorf("%s: got %q, want %q", o.Name, got, want)
		}
	}
}

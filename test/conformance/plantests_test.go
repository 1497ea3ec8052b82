package conformance

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// A planTest is a test of Nixpacks' plans that is written by hand.
type planTest struct {
	name, example string
	args          []string
	snapshot      bool // it compares the plan with the snapshot of its name
	asserts       []string
	vars          map[string]string // the name of the phase that each variable holds; "start" for the start
}

const planTestFile = "tests/generate_plan_tests.rs"

var (
	rustAssert  = regexp.MustCompile(`(?m)^\s*assert(?:_(?:eq|ne|matches))?!\(`)
	rustTest    = regexp.MustCompile(`(?ms)^fn test_(\w+)\(\) \{\n(.*?)^\}`)
	rustString  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	rustExample = regexp.MustCompile(`"\./examples/([^"]+)"`)
	rustEnv     = regexp.MustCompile(`(?s)vec!\[([^\]]*)\],\s*&GeneratePlanOptions`)
	rustConfig  = regexp.MustCompile(`config_file: Some\("([^"]+)"`)
	rustPhase   = regexp.MustCompile(`let (\w+) = plan\.get_phase\("(\w+)"\)`)
)

// planTests reads the tests.
func planTests(t *testing.T, dir string) []planTest {
	t.Helper()
	text := readText(t, filepath.Join(dir, planTestFile))
	var tests []planTest
	for _, m := range rustTest.FindAllStringSubmatch(text, -1) {
		body := m[2]
		example := rustExample.FindStringSubmatch(body)
		if example == nil {
			t.Fatalf("test %s plans no example", m[1])
		}
		test := planTest{name: m[1], example: example[1], vars: map[string]string{"start": "start"}}
		if env := rustEnv.FindStringSubmatch(body); env != nil {
			for _, e := range rustStrings(env[1]) {
				test.args = append(test.args, "--env", e)
			}
		}
		if config := rustConfig.FindStringSubmatch(body); config != nil {
			test.args = append(test.args, "--config", config[1])
		}
		for _, v := range rustPhase.FindAllStringSubmatch(body, -1) {
			test.vars[v[1]] = v[2]
		}
		test.snapshot = strings.Contains(body, "assert_plan_snapshot!(plan)")
		for statement := range strings.SplitSeq(body, ";\n") {
			if statement = strings.TrimSpace(statement); strings.HasPrefix(statement, "assert!(") || strings.HasPrefix(statement, "assert_eq!(") {
				test.asserts = append(test.asserts, statement)
			}
		}
		tests = append(tests, test)
	}
	return tests
}

func TestPlansHoldTheAssertionsOfNixpacksPlanTests(t *testing.T) {
	dir := upstream(t)
	if dir == "" {
		return
	}
	held := 0
	for _, test := range planTests(t, dir) {
		if len(test.asserts) == 0 {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			p, _, err := plan.ParseJSON(planOf(t, filepath.Join(dir, "examples", test.example), test.args))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range test.asserts {
				a, err := parseAssertion(text)
				if err != nil {
					t.Fatal(err)
				}
				values, err := a.values(p, test.vars)
				if err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				if !a.holds(values) {
					t.Errorf("the values are %q, and not so: %s", values, text)
					continue
				}
				held++
			}
		})
	}
	all := len(rustAssert.FindAllString(readText(t, filepath.Join(dir, planTestFile)), -1))
	t.Logf("%d of %d assertions hold", held, all)
	if held != all || all == 0 {
		t.Errorf("%d of %d assertions hold", held, all)
	}
}

// An assertion is about the values of one field: all of them are equal to want, or what check says.
type assertion struct {
	variable, field string
	check           string // the expression after the field, without blanks
	want            []string
}

// assertionText is assert!(V.F CHECK) or assert_eq!(V.F CHECK, WANT) without blanks and without what only satisfies
// Rust's types.
var (
	assertionText = regexp.MustCompile(`^assert(?:_eq)?!\((\w+)\.(\w+)(.*)\)$`)
	rustNoise     = regexp.MustCompile(`\.(clone|unwrap|to_string|iter)\(\)|\s+`)
	rustNumber    = regexp.MustCompile(`,(\d+)$`)
)

func parseAssertion(text string) (assertion, error) {
	// The strings are taken out, so that nothing in them counts as code.
	strs := rustStrings(text)
	code := rustNoise.ReplaceAllString(rustString.ReplaceAllString(text, "\x00"), "")
	code = strings.Replace(code, "plan.start_phase.", "start.", 1)
	m := assertionText.FindStringSubmatch(strings.Replace(code, ",)", ")", 1))
	if m == nil {
		return assertion{}, fmt.Errorf("the assertion has an unknown shape: %s", text)
	}
	a := assertion{variable: m[1], field: m[2], want: strs}
	a.check, _, _ = strings.Cut(strings.TrimSuffix(m[3], ","), ",")
	if n := rustNumber.FindStringSubmatch(m[3]); n != nil {
		a.want = append(a.want, n[1])
	}
	return a, nil
}

// values are those of the field, none if there is no such field.
func (a assertion) values(p plan.Plan, vars map[string]string) ([]string, error) {
	label, ok := map[string]string{"cmds": "cmd", "cmd": "cmd", "nix_pkgs": "nix", "run_image": "run image"}[a.field]
	phase, known := vars[a.variable]
	if !ok || !known {
		return nil, fmt.Errorf("the field %s of %s is unknown", a.field, a.variable)
	}
	var values []string
	for _, f := range plan.Facts(p) {
		if f.Phase == phase && f.Field == label {
			values = append(values, f.Value)
		}
	}
	return values, nil
}

func (a assertion) holds(values []string) bool {
	switch a.check {
	case "":
		return len(values) > 0 && slices.Equal(values, a.want)
	case ".is_some()":
		return len(values) > 0
	case ".len()":
		return len(a.want) == 1 && strconv.Itoa(len(values)) == a.want[0]
	case "[1]":
		return len(values) > 1 && slices.Equal(values[1:2], a.want)
	case ".contains(\x00)":
		return len(values) == 1 && len(a.want) == 1 && strings.Contains(values[0], a.want[0])
	case ".filter(|p|p.contains(\x00)).count()":
		hits := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !strings.Contains(v, a.want[0]) })
		return len(a.want) == 2 && strconv.Itoa(len(hits)) == a.want[1]
	}
	return false
}

// rustStrings returns the string literals in a piece of Rust, for the architecture that planOf plans for.
func rustStrings(code string) []string {
	var list []string
	for _, literal := range rustString.FindAllString(code, -1) {
		text, err := strconv.Unquote(literal)
		if err != nil {
			text = literal // fits nothing
		}
		list = append(list, strings.ReplaceAll(text, "{ARCH}", "x86_64"))
	}
	return list
}

func TestAssertionsThatDoNotHold(t *testing.T) {
	p := plan.Plan{
		Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"a-1", "b"}, Cmds: []string{"x", "y"}}},
		Start:  &plan.Start{Cmd: new("run docs")},
	}
	vars := map[string]string{"s": "setup", "start": "start"}
	for text, want := range map[string]bool{
		`assert_eq!(s.cmds, Some(vec!["x".to_string(), "y".to_string()]))`:                             true,
		`assert_eq!(s.cmds, Some(vec!["x".to_string()]))`:                                              false,
		`assert_eq!(s.clone().cmds.unwrap()[1], "y")`:                                                  true,
		`assert_eq!(s.clone().cmds.unwrap()[1], "x")`:                                                  false,
		`assert_eq!(s.clone().cmds.unwrap().len(), 2)`:                                                 true,
		`assert_eq!(s.clone().cmds.unwrap().len(), 1)`:                                                 false,
		`assert_eq!(s.nix_pkgs.unwrap().iter().filter(|p| p.contains("a")).count(), 1)`:                true,
		"assert_eq!(\n    s.nix_pkgs.unwrap().iter().filter(|p| p.contains(\"1\")).count(),\n    2\n)": false,
		`assert!(start.cmd.is_some())`:                                                                 true,
		`assert!(start.run_image.is_some())`:                                                           false,
		`assert!(plan.start_phase.unwrap().cmd.unwrap().contains("docs"))`:                             true,
		`assert!(plan.start_phase.unwrap().cmd.unwrap().contains("web"))`:                              false,
		`assert!(start.cmd.is_none())`:                                                                 false,
	} {
		a, err := parseAssertion(text)
		if err != nil {
			t.Error(err)
			continue
		}
		values, err := a.values(p, vars)
		if err != nil {
			t.Error(err)
		}
		if got := a.holds(values); got != want {
			t.Errorf("%s holds: %v, want %v; it is %+v", text, got, want, a)
		}
	}
	if _, err := parseAssertion(`assert!(works(plan))`); err == nil {
		t.Error("an assertion of an unknown shape is no error")
	}
}

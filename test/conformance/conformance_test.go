// Package conformance compares our plans of edition 1.39 with those of Nixpacks for its own example apps.
//
// The data is not part of the repository. CONFORMANCE_DIR names a directory of whole plans, which holds cases.tsv (an
// example and the options of plan a line), examples/NAME and plans/NAME.json. NIXPACKS_DIR names a checkout of
// Nixpacks, whose snapshots are compared and whose tests' assertions are checked.
package conformance

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/shlex"
	"github.com/org/npx-action/internal/cli"
	"github.com/rogpeppe/go-internal/diff"
)

// wantCases is how many cases there are: a part of the data proves nothing of the rest.
const wantCases = 136

func TestPlansEqualThoseOfNixpacks(t *testing.T) {
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		t.Log("not compared: set CONFORMANCE_DIR to the directory with cases.tsv, examples and plans, relative to the repository's root")
		return
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	cases := readCases(t, filepath.Join(dir, "cases.tsv"))
	for _, c := range cases {
		want, err := os.ReadFile(filepath.Join(dir, "plans", c.name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.name, func(t *testing.T) {
			got := planOf(t, filepath.Join(dir, "examples", c.name), c.args)
			want, got := comparable(t, want), comparable(t, got)
			if !bytes.Equal(want, got) {
				t.Errorf("%s", diff.Diff("nixpacks", want, "ours", got))
			}
		})
	}
	t.Logf("compared %d cases", len(cases))
	if len(cases) != wantCases {
		t.Errorf("there are %d cases, want %d", len(cases), wantCases)
	}
}

type example struct {
	name string
	args []string
}

func readCases(t *testing.T, name string) []example {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, 2
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var cases []example
	for _, row := range rows[1:] {
		args, err := shlex.Split(row[1])
		if err != nil {
			t.Fatalf("%s: %v", row[0], err)
		}
		cases = append(cases, example{row[0], args})
	}
	return cases
}

func planOf(t *testing.T, dir string, args []string) []byte {
	t.Helper()
	text, err := tryPlan(t, dir, args)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tryPlan plans as Nixpacks does on an x86_64 machine.
func tryPlan(t *testing.T, dir string, args []string) ([]byte, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := cli.Main(t.Context(), cli.Process{
		Args:   append([]string{"plan", ".", "--edition", "1.39", "--platform", "linux/amd64"}, args...),
		Dir:    dir,
		Stdin:  strings.NewReader(""),
		Stdout: &stdout,
		Stderr: &stderr,
	})
	if status != 0 {
		return nil, fmt.Errorf("exit status %d: %s", status, &stderr)
	}
	return stdout.Bytes(), nil
}

// comparable formats a plan again, the order of keys as it is and the contents of static assets left out.
func comparable(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	decoder := jsontext.NewDecoder(bytes.NewReader(text))
	encoder := jsontext.NewEncoder(&out, jsontext.WithIndent("  "))
	for {
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) {
			return out.Bytes()
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, length := decoder.StackIndex(decoder.StackDepth())
		isValue := kind == '{' && length%2 == 0
		if isValue && strings.HasPrefix(string(decoder.StackPointer()), "/staticAssets/") {
			token = jsontext.String("")
		}
		if err := encoder.WriteToken(token); err != nil {
			t.Fatal(err)
		}
	}
}

package test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/org/npx-action/test/manual"
)

// TestTheCommandsOfTheDocumentationStart starts each command that needs no builder as it is written, in a clone of an app's repository.
// Those that need one are started by package e2e.
func TestTheCommandsOfTheDocumentationStart(t *testing.T) {
	commands, err := manual.Commands("..", "npx-action")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Builder{}
	text.WriteString(`exec git init -q -b main .
exec git add package.json
exec git -c user.name=a -c user.email=a@example.com commit -q -m first
exec git remote add origin https://github.com/me/app
exec git update-ref refs/remotes/origin/main HEAD
`)
	started := 0
	for _, command := range commands {
		if manual.Builds(command) {
			continue
		}
		command, _, _ = strings.Cut(manual.Example(command), " > ")
		fmt.Fprintf(&text, "exec %s\n", command)
		started++
	}
	if started < 10 {
		t.Errorf("%d commands were found", started)
	}
	text.WriteString("-- package.json --\n{\"name\":\"app\",\"scripts\":{\"start\":\"node .\"},\"engines\":{\"node\":\"22\"}}\n")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "manual.txtar"), []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, RequireExplicitExec: true})
}

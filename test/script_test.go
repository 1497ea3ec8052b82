package test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/org/npx-action/internal/cli"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"npx-action": func() {
			dir, _ := os.Getwd()
			os.Exit(cli.Main(context.Background(), cli.Process{
				Args: os.Args[1:], Environ: os.Environ(), Dir: dir,
				Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
				// A script has no terminal, so a variable stands in for one.
				IsTTY: os.Getenv("FAKE_TERMINAL") != "",
			}))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": status},
	})
}

// status runs a command that has to end with a given exit status: status 2 npx-action plan.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status STATUS COMMAND...")
	}
	var exit *exec.ExitError
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, want %s", got, want)
	}
}

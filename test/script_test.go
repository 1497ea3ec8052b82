package test

import (
	"context"
	"os"
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
				IsTTY: os.Getenv("FAKE_TERMINAL") != "", OutTTY: os.Getenv("FAKE_TERMINAL") != "",
			}))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                commands,
	})
}

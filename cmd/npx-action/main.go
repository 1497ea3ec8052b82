// Npx-action plans an app's source and builds a container image from it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/org/npx-action/internal/cli"
	"golang.org/x/term"
)

func main() {
	dir, _ := os.Getwd() // "" works as well, as long as nothing relative is asked for
	os.Exit(cli.Main(untilSignal(), cli.Process{
		Args: os.Args[1:], Environ: os.Environ(), Dir: dir,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		IsTTY: term.IsTerminal(int(os.Stderr.Fd())), OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
	}))
}

// untilSignal ends with the first signal that asks for the end. A second one ends the process at once, whatever it waits for.
func untilSignal() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

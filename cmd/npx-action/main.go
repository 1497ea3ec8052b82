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
	dir, _ := os.Getwd()                               // "" works as well, as long as nothing relative is asked for
	columns, _, _ := term.GetSize(int(os.Stdout.Fd())) // 0 where there is no terminal
	os.Exit(cli.Main(untilSignal(), cli.Process{
		Args: os.Args[1:], Environ: os.Environ(), Dir: dir,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		IsTTY: term.IsTerminal(int(os.Stderr.Fd())), OutTTY: term.IsTerminal(int(os.Stdout.Fd())), Columns: columns,
		Signals: signals,
	}))
}

// The signals that ask for the end.
var ends = []os.Signal{os.Interrupt, syscall.SIGTERM}

// signals hands over the signals. A reader of the output that goes away is an error from then on, and ends the process no more.
func signals() <-chan os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	c := make(chan os.Signal, 2)
	signal.Notify(c, ends...)
	return c
}

// untilSignal ends with the first signal that asks for the end. A second one ends the process at once, whatever it waits for, unless somebody
// takes the [signals].
func untilSignal() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	context.AfterFunc(ctx, stop)
	return ctx
}

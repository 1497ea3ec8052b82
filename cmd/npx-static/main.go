// Npx-static serves the files of a folder over HTTP.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/org/npx-action/internal/static"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // so that a second signal ends the process at once
	os.Exit(static.Main(ctx, static.Process{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}))
}

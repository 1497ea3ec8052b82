// Command cmd brings up the test world, prints where everything is, and holds it until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/org/npx-action/test/world"
)

func main() {
	verbose := flag.Bool("v", false, "show the output of the programs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := hold(ctx, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func hold(ctx context.Context, verbose bool) error {
	var o world.Options
	if verbose {
		o.Log = os.Stderr
	}
	w, err := world.Start(ctx, o)
	if err != nil {
		return err
	}
	engine, err := w.Engine(ctx)
	if err == nil {
		fmt.Printf("registry    %s\nbase image  %s\nrun image   %s\nNix mirror  %s\nCA bundle   %s\nengine      %s\n",
			w.Registry, w.Base, w.RunImage, w.NixMirror, w.CABundle, engine)
		<-ctx.Done()
	}
	return errors.Join(err, w.Close())
}

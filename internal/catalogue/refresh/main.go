// Refresh makes the catalogue's data anew from the indexes that upstreams publish. From the root of the module:
//
//	go run ./internal/catalogue/refresh          reads the indexes, adds what is new as of today, and compresses
//	go run ./internal/catalogue/refresh -pack    orders and compresses texts that were changed by hand
//	go run ./internal/catalogue/refresh -release 1.4.0 -programs DIR
//	                                             adds this project's programs in DIR, as its release 1.4.0 will have them
//
// It adds rows and never changes or removes one, so that a pinned catalogue date means the same for ever. A row that is known with another
// hash ends it, and nothing is written. What it adds is told in a line a tool.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/org/npx-action/internal/catalogue"
)

func main() {
	dir := flag.String("data", "internal/catalogue/data", "directory of the data")
	only := flag.Bool("pack", false, "read no index")
	release := flag.String("release", "", "version of this project whose programs are added, in place of what the indexes have")
	programs := flag.String("programs", "bin", "directory of these programs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := func() error {
		d, err := open(*dir)
		if err != nil {
			return err
		}
		today := catalogue.Day(time.Now().UTC().Format(time.DateOnly))
		switch {
		case *only:
		case *release != "":
			err = addOwn(d, *programs, *release, today)
		default:
			err = refresh(ctx, d, upstreams, newClient(), today)
		}
		if err != nil {
			return err
		}
		for _, line := range d.told() {
			fmt.Println(line)
		}
		return d.write()
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", err)
		os.Exit(1)
	}
}

// bases are where the indexes are; tests have small copies of them.
type bases struct {
	node       string // index.json, and SHASUMS256.txt of each version
	golang     string // ?mode=json
	uv         string // download-metadata.json
	dotnet     string // releases-index.json
	endOfLife  string // PRODUCT.json
	multiverse string // revisions.json and index/versions.json
	outpaths   string // outpaths-SYSTEM.json
	own        string // releases

	rustOverlay string // archive/HEAD.tar.gz
}

var upstreams = bases{
	node:       "https://nodejs.org/dist",
	golang:     "https://go.dev/dl",
	uv:         "https://raw.githubusercontent.com/astral-sh/uv/main/crates/uv-python",
	dotnet:     "https://builds.dotnet.microsoft.com/dotnet/release-metadata",
	endOfLife:  "https://endoflife.date/api",
	multiverse: "https://raw.githubusercontent.com/fzakaria/nixpkgs-multiverse/main",
	outpaths:   "https://github.com/fzakaria/nixpkgs-multiverse/releases/download/data-rolling",
	own:        "https://api.github.com/repos/org/npx-action",

	rustOverlay: "https://github.com/oxalica/rust-overlay",
}

// refresh adds what the indexes have that d has not, and moves the date on.
func refresh(ctx context.Context, d *dataset, from bases, c *client, today catalogue.Day) error {
	if today < d.date {
		return fmt.Errorf("today is %s, and the catalogue is of %s", today, d.date)
	}
	d.today = today
	for _, source := range []func(context.Context, *dataset, bases, *client) error{
		readNode, readGo, readPython, readDotNet, readNPM, readOwn, readLines, readNixpkgs, readRust,
	} {
		if err := source(ctx, d, from, c); err != nil {
			return err
		}
	}
	d.date = today
	return nil
}

package compress

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/static"
)

// A Process is what the program gets from outside.
type Process struct {
	Args           []string // without the program's name
	Stdout, Stderr io.Writer
}

const usage = `npx-compress writes .br, .zst and .gz files beside the text files of a folder, for npx-static to send.

  npx-compress [DIR]      compress DIR, or the current folder
  npx-compress --version  print the version
  npx-compress --help     print this

A file is compressed from 1024 bytes on, where that makes it smaller. A compressed file that is as new as its file stays.

Exit status: 0 done; 1 the folder cannot be compressed; 2 wrong usage.
`

// Main runs the program and returns the exit status.
func Main(process Process) int {
	return static.Fail(process.Stderr, run(process))
}

func run(process Process) error {
	flags := flag.NewFlagSet("npx-compress", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	version := flags.Bool("version", false, "")
	switch err := flags.Parse(process.Args); {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(process.Stdout, usage)
		return err
	case err != nil:
		return fault.Usage("see npx-compress --help", "%w", err)
	case *version:
		_, err := fmt.Fprintf(process.Stdout, "npx-compress %s\n", static.Version())
		return err
	case flags.NArg() > 1:
		return fault.Usage("see npx-compress --help", "%q is one folder too many", flags.Arg(1))
	}
	dir := "."
	if flags.NArg() == 1 {
		dir = flags.Arg(0)
	}
	if dir == "" {
		return fault.Usage("name a folder, such as dist", "the folder's name is empty")
	}
	savings, warnings, err := static.Compress(dir, encoders)
	static.Warn(process.Stderr, warnings)
	for i, s := range savings {
		fmt.Fprintf(process.Stderr, "note: wrote %d %s files, %d bytes for %d\n", s.Files, encoders[i].Suffix, s.Bytes, s.From)
	}
	return err
}

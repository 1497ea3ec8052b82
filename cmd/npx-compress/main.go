// Npx-compress writes compressed files beside the files of a folder, in the build of a static site.
package main

import (
	"os"

	"github.com/org/npx-action/internal/compress"
)

func main() {
	os.Exit(compress.Main(compress.Process{Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr}))
}

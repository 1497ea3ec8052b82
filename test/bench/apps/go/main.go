// Parcels answers questions about parcels over HTTP.
package main

import (
	"os"

	"example.com/parcels/command"
)

func main() {
	if err := command.Root().Execute(); err != nil {
		os.Exit(1)
	}
}

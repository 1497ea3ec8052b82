package main

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/option"
)

// table is the table of inputs in the documentation.
func table(all []option.Option) (string, error) {
	var b strings.Builder
	b.WriteString("| input | default | meaning |\n| --- | --- | --- |\n")
	for _, o := range all {
		if o.Input == nil {
			continue
		}
		standard, meaning := o.Row()
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", o.Name, cell(standard), cell(meaning))
	}
	return strings.ReplaceAll(b.String(), "|  |", "| |"), nil
}

// cell is a text in a table of Markdown.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

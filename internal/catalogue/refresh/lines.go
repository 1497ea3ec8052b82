package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/org/npx-action/internal/catalogue"
)

// products are the names of tools at endoflife.date.
var products = map[string][]string{
	"bun": {"bun"}, "deno": {"deno"}, "dotnet": {"dotnet", "aspnetcore-runtime", "dotnet-runtime"}, "elixir": {"elixir"}, "erlang": {"erlang"}, "go": {"go"},
	"gradle": {"gradle"}, "eclipse-temurin": {"java", "openjdk-headless", "openjdk-jre-minimal", "temurin"}, "kotlin": {"kotlin"}, "nodejs": {"node"},
	"php": {"php"}, "postgresql": {"postgresql"}, "python": {"python"}, "ruby": {"ruby"}, "rust": {"rust", "cargo"},
}

// A cycle is an element of PRODUCT.json of endoflife.date. Dates are text; false is no date, and true one that nobody knows.
type cycle struct {
	Name     string `json:"cycle"`
	Released string `json:"releaseDate"`
	LTS      any    `json:"lts"`
	EOL      any    `json:"eol"`
}

func readLines(ctx context.Context, d *dataset, from bases, c *client) error {
	for _, product := range slices.Sorted(maps.Keys(products)) {
		var cycles []cycle
		if err := c.decode(ctx, from.endOfLife+"/"+product+".json", &cycles); err != nil {
			return err
		}
		for _, x := range cycles {
			line, ok, err := x.line()
			if err != nil {
				return fmt.Errorf("reading the end of life of %s %.40q: %w", product, x.Name, err)
			}
			for _, tool := range products[product] {
				if ok {
					d.line(tool, line)
				}
			}
		}
	}
	return nil
}

// line is not ok where the line ended on a day that nobody knows.
func (x cycle) line() (l catalogue.Line, ok bool, err error) {
	day := func(v any) (catalogue.Day, error) {
		text, _ := v.(string)
		if text == "" {
			return "", nil
		}
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "", fmt.Errorf("%.40q is not a day", text)
		}
		return catalogue.Day(text), nil
	}
	if !versionForm.MatchString(x.Name) {
		return l, false, fmt.Errorf("%.40q is not a line", x.Name)
	}
	l.Name = x.Name
	for _, field := range []struct {
		to   *catalogue.Day
		from any
	}{{&l.Released, x.Released}, {&l.Long, x.LTS}, {&l.End, x.EOL}} {
		if *field.to, err = day(field.from); err != nil {
			return l, false, err
		}
	}
	if x.LTS == true {
		l.Long = l.Released
	}
	return l, x.EOL != true && l.Released != "", nil
}

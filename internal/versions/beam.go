package versions

import (
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
)

var elixirRows = append([]row{
	{tool: "elixir", key: "ELIXIR_VERSION", parse: elixirPlain},
	{tool: "elixir", file: ".elixir-version", read: oneLine, parse: elixirPlain},
	{tool: "elixir", file: "mix.exs", key: "elixir", read: matchReader(mixElixir), parse: ranges.Elixir},
}, managersBy(elixirPlain, "elixir")...)

var erlangRows = append([]row{
	{tool: "erlang", key: "ERLANG_VERSION", parse: ranges.Plain},
	{tool: "erlang", file: ".erlang-version", read: oneLine, parse: ranges.Plain},
}, managersBy(ranges.Plain, "erlang")...)

var (
	mixElixir = lazyregexp.New(`(?m)^[^#\n]*\belixir:\s*"([^"\n]*)"`)
	builtFor  = lazyregexp.New(`-otp-[0-9]+$`) // as asdf has it, 1.18.4-otp-27
)

// elixirPlain reads a version of Elixir as version managers write it, else a requirement.
func elixirPlain(text string) (ranges.Range, error) {
	return firstGrammar(builtFor.ReplaceAllString(text, ""), ranges.Plain, ranges.Elixir)
}

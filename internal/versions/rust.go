package versions

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

var rustRows = append([]row{
	{tool: "rust", key: "RUST_VERSION", parse: rustChannel},
	{tool: "rust", file: "rust-toolchain", read: rustToolchain, parse: rustChannel},
	{tool: "rust", file: "rust-toolchain.toml", read: rustToolchain, parse: rustChannel},
	{tool: "rust", file: ".rust-version", read: oneLine, parse: rustChannel},
	{tool: "rust", file: "Cargo.toml", key: "package.rust-version", read: inTOML("package", "rust-version"), parse: rustLeast},
	{tool: "rust", file: "Cargo.toml", key: "workspace.package.rust-version", read: inTOML("workspace", "package", "rust-version"), parse: rustLeast},
}, managersBy(rustChannel, "rust", "rustc")...)

// rustHost is what a name of a toolchain may have after the channel: 1.83.0-x86_64-unknown-linux-gnu.
var rustHost = lazyregexp.New(`^([0-9]+(?:\.[0-9]+)*)-[a-z0-9_]+-[a-z0-9_-]+$`)

// rustChannel reads a channel of rustup. Nightly and beta are none of the releases that can be chosen from, so they ask for nothing here.
func rustChannel(text string) (ranges.Range, error) {
	if strings.HasPrefix(text, "nightly") || strings.HasPrefix(text, "beta") {
		return ranges.Any(), nil
	}
	return ranges.Plain(rustHost.ReplaceAllString(text, "$1"))
}

// rustLeast reads the oldest Rust that will do.
func rustLeast(text string) (ranges.Range, error) {
	if _, err := ranges.Plain(text); err != nil {
		return ranges.Range{}, err
	}
	return ranges.Comparison(">=" + text)
}

// rustToolchain reads the channel of a file of rustup: TOML, or the channel alone.
func rustToolchain(tree *source.Tree, file string) (value, error) {
	text, err := small(tree, file)
	if err != nil {
		return value{}, err
	}
	if !strings.Contains(text, "[") {
		return oneLine(tree, file)
	}
	v, err := inTOML("toolchain", "channel")(tree, file)
	if err != nil {
		return value{}, err
	}
	v.key = "toolchain.channel"
	return v, nil
}

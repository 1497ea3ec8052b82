package versions

import (
	"slices"
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

// A rustPin is a crate whose versions from the first to one before the last cannot be compiled by Rust from a release on.
type rustPin struct {
	crate, first, last string
	with               string // a crate that it needs where it has the sources that fail
	rust               string
}

// rustPins are by Rust's release notes and by compiling the first and the last version: 1.80 made the type of a Box in time ambiguous.
var rustPins = []rustPin{{crate: "time", first: "0.3.18", last: "0.3.35", with: "itoa", rust: "<1.80"}}

// rustEdition is in a manifest that Rust before 1.85 does not read.
var rustEdition = lazyregexp.New(`(?m)^\s*edition\s*=\s*["']20(?:2[4-9]|[3-9]\d)["']`)

// pinnedRust reads from Cargo's lockfile which Rust is too new for the versions of the crates. An app of an edition that needs a newer Rust is
// compiled by one, so that the lockfile says nothing.
func pinnedRust(tree *source.Tree, file string) ([]Bound, error) {
	text, err := tree.Read(file)
	if err != nil {
		return nil, err
	}
	if _, newer, err := tree.Match(rustEdition, "Cargo.toml"); err != nil || newer != nil {
		return nil, err
	}
	var c collector
	for pkg := range strings.SplitSeq(text, "[[package]]") {
		i := slices.IndexFunc(rustPins, func(p rustPin) bool { return strings.HasPrefix(strings.TrimSpace(pkg), `name = "`+p.crate+`"`) })
		if i < 0 {
			continue
		}
		_, version, _ := strings.Cut(pkg, `version = "`)
		version, _, _ = strings.Cut(version, `"`)
		pin := rustPins[i]
		if ranges.Compare(version, pin.first) >= 0 && ranges.Compare(version, pin.last) < 0 && strings.Contains(pkg, `"`+pin.with+`"`) {
			c.add(pin.crate+" "+version, pin.rust)
		}
	}
	list := c.bounds(file, ranges.Comparison)
	for i := range list {
		list[i].Asked = true
	}
	return list, nil
}

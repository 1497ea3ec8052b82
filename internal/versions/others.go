package versions

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
)

var denoRows = append([]row{
	{tool: "deno", key: "DENO_VERSION", parse: npm},
	{tool: "deno", file: ".deno-version", read: oneLine, parse: ranges.Plain},
	{tool: "deno", file: ".dvmrc", read: oneLine, parse: ranges.Plain},
}, managersBy(ranges.Plain, "deno")...)

var zigRows = append([]row{
	{tool: "zig", key: "ZIG_VERSION", parse: ranges.Plain},
	{tool: "zig", file: ".zig-version", read: oneLine, parse: ranges.Plain},
	{tool: "zig", file: ".zigversion", read: oneLine, parse: ranges.Plain},
	{tool: "zig", file: "build.zig.zon", key: "minimum_zig_version", read: matchReader(zigLeast), parse: zigLine},
}, managersBy(ranges.Plain, "zig")...)

var crystalRows = append([]row{
	{tool: "crystal", key: "CRYSTAL_VERSION", parse: ranges.Plain},
	{tool: "crystal", file: ".crystal-version", read: oneLine, parse: ranges.Plain},
	{tool: "crystal", file: "shard.yml", key: "crystal", read: matchReader(shardCrystal), parse: shardRange},
}, managersBy(ranges.Plain, "crystal")...)

var dartRows = append([]row{
	{tool: "dart", key: "DART_VERSION", parse: ranges.Plain},
	{tool: "dart", file: "pubspec.yaml", key: "environment.sdk", read: matchReader(pubspecSDK), parse: npm},
}, managersBy(ranges.Plain, "dart")...)

var gleamRows = append([]row{
	{tool: "gleam", key: "GLEAM_VERSION", parse: ranges.Plain},
	{tool: "gleam", file: "gleam.toml", key: "gleam", read: inTOML("gleam"), parse: ranges.Elixir},
}, managersBy(ranges.Plain, "gleam")...)

var swiftRows = append([]row{
	{tool: "swift", key: "SWIFT_VERSION", parse: swiftPlain},
	{tool: "swift", file: ".swift-version", read: oneLine, parse: swiftPlain},
	{tool: "swift", file: "Package.swift", key: "swift-tools-version", read: matchReader(swiftTools), parse: swiftLeast},
}, managersBy(swiftPlain, "swift")...)

var (
	shardCrystal = lazyregexp.New(`(?m)^crystal:[ \t]*["']?([^"'#\n]+)`)
	pubspecSDK   = lazyregexp.New(`(?m)^[ \t]+sdk:[ \t]*["']?([0-9^<>=][^"'#\n]*)`)
	swiftTools   = lazyregexp.New(`(?m)^//\s*swift-tools-version\s*:\s*([0-9.]+)`)
)

// shardRange reads comparisons; a bare number is the oldest that will do.
func shardRange(text string) (ranges.Range, error) {
	if _, err := ranges.Plain(text); err == nil {
		text = ">=" + text
	}
	return ranges.Comparison(text)
}

func swiftPlain(text string) (ranges.Range, error) {
	return ranges.Plain(strings.TrimSuffix(strings.TrimPrefix(text, "swift-"), "-RELEASE"))
}

func swiftLeast(text string) (ranges.Range, error) { return ranges.Comparison(">=" + text) }

var zigLeast = lazyregexp.New(`(?m)^\s*\.minimum_zig_version\s*=\s*"([^"\n]*)"`)

// zigLine reads the oldest Zig that will do. A build for one line is seldom one for the next.
func zigLine(text string) (ranges.Range, error) { return ranges.AtLeast(text, 2) }

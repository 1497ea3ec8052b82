package providers

// A goRelease is a Go release that a nixpkgs archive has (nixpacks-1.39.md 3.9).
type goRelease struct{ number, pkg, archive string }

// goReleases are the values of go.mod's go line that choose a package, word for word.
var goReleases = []goRelease{
	{"1.18", "go_1_18", "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"},
	{"1.19", "go_1_19", "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"},
	{"1.20", "go_1_20", "1f13eabcd6f5b00fe9de9575ac52c66a0e887ce6"},
	{"1.21", "go_1_21", "1f13eabcd6f5b00fe9de9575ac52c66a0e887ce6"},
	goDefault,
	{"1.23", "go_1_23", "05bbf675397d5366259409139039af8077d695ce"},
}

// goDefault is used for every other value, patch releases included.
var goDefault = goRelease{"1.22", "go", "e89cf1c932006531f454de7d652163a9a5c86668"}

const (
	goBuildCache = "/root/.cache/go-build"
	goRunImage   = "ubuntu:noble" // for a binary that needs no C library
)

// goRuntime is Go. Its releases have no end here: its command downloads the toolchain that go.mod asks for.
var goRuntime = Runtime{Name: "Go", Packages: patterns(`^go_(\d+)_(\d+)$`, `^go$`, `^go@([0-9.]+)`)}

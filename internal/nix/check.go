package nix

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// An Error is a value that cannot be used in an expression or a command.
type Error struct {
	Phase   string // "" if the value is an option
	Key     string // of the phase, or of the setting
	Problem string // with the value, quoted
	Hint    string // what to write instead
}

// Error names the phase and the key.
func (e *Error) Error() string {
	at := e.Key
	if e.Phase != "" {
		at = fmt.Sprintf("phase %s, %s", e.Phase, e.Key)
	}
	return fmt.Sprintf("%s: %s; %s", at, e.Problem, e.Hint)
}

var (
	// The lengths of its two parts are checked beside it: a count in an expression costs each start of the program a copy for each number.
	archivePattern = lazyregexp.New(`^([A-Za-z0-9_][A-Za-z0-9._-]*)(?:#sha256-([A-Za-z0-9+/]+)=)?$`)

	// No quote, blank, backslash or brace: nothing in it ends or continues a Nix or shell string.
	urlPattern = lazyregexp.New(`^[a-z][a-z0-9+.-]*://[A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]-]+$`)
	keyPattern = lazyregexp.New(`^[A-Za-z0-9._-]+:[A-Za-z0-9+/]+={0,2}$`)
)

// isArchive reports whether a text is a commit or a tag, perhaps with the hash of its archive.
func isArchive(text string) bool {
	m := archivePattern.FindStringSubmatch(text)
	return m != nil && len(m[1]) <= 100 && (m[2] == "" || len(m[2]) == 43)
}

// check checks what of a phase that uses Nix is not Nix code.
func check(name string, ph plan.Phase) error {
	if ph.NixpkgsArchive == nil {
		return &Error{name, "nixpkgsArchive", "is not set", "pin the plan first"}
	}
	if a := *ph.NixpkgsArchive; !isArchive(a) {
		return &Error{name, "nixpkgsArchive", fmt.Sprintf("%q is no commit of nixpkgs", a), "use a commit hash or a tag"}
	}
	for _, u := range ph.NixOverlays {
		if !IsWeb(u) {
			return &Error{name, "nixOverlays", fmt.Sprintf("%q is not the address of a tarball", u), "use an https URL"}
		}
		if hash := hashOf(u); hash != "" && !isArchive("x#"+hash) {
			return &Error{name, "nixOverlays", fmt.Sprintf("%q ends in no hash", u), "write ADDRESS#sha256-BASE64"}
		}
	}
	return nil
}

// hashOf is the hash of an overlay's tree, which follows the address as ADDRESS#sha256-BASE64; "" if the plan has none.
func hashOf(overlay string) string {
	_, hash, _ := strings.Cut(overlay, "#")
	if !strings.HasPrefix(hash, "sha256-") {
		return ""
	}
	return hash
}

// check checks the mirror.
func (o Options) check() error {
	if o.Mirror != "" && !IsWeb(o.Mirror) {
		return &Error{"", "nix-mirror", fmt.Sprintf("%q is no web address", o.Mirror), "use a base such as https://mirror.example"}
	}
	return nil
}

// IsWeb reports whether a text is an address of http or https that can stand in an expression and in a command.
func IsWeb(url string) bool {
	return urlPattern.MatchString(url) && (strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://"))
}

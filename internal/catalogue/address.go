package catalogue

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/mod/module"

	"github.com/org/npx-action/internal/lazyregexp"
)

// Registries are the bases of the addresses of packages, such as https://packages.example, by the scheme of their references: npm, pypi
// (the host of the files) and gomod (a module proxy). The catalogue itself names no registry, so who asks for an address says whose.
type Registries map[string]string

var (
	npmReference = lazyregexp.New(`^((?:@[a-z0-9~-][a-z0-9._~-]*/)?([a-z0-9~-][a-z0-9._~-]*))@([0-9][0-9A-Za-z.+-]*)$`)
	pypiRef      = lazyregexp.New(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)@([0-9][0-9A-Za-z.!+]*)#([A-Za-z0-9][A-Za-z0-9._+-]*)$`)
	pypiPython   = lazyregexp.New(`^(?:py|cp|pp)[0-9][0-9A-Za-z.]*$`)
)

// Address makes the URL of an archive. A URL is itself. A reference is
//
//	npm:NAME@VERSION          such as npm:@scope/name@1.2.3
//	pypi:NAME@VERSION#FILE    such as pypi:uv@0.12.17#uv-0.12.17.tar.gz
//	gomod:PATH@VERSION        such as gomod:golang.org/x/mod@v0.40.0
//
// and its URL is the one that every registry of the kind serves: the tarball's place in npm's registry API, the place by project and file
// that PyPI documents for those who know a file's name, and the zip of the GOPROXY protocol.
func (r Registries) Address(address string) (string, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	var tail string
	switch scheme {
	case "http", "https":
		return address, checkURL(address)
	case "npm":
		m := npmReference.FindStringSubmatch(rest)
		if m == nil {
			return "", referenceError(address, "npm:NAME@VERSION")
		}
		tail = m[1] + "/-/" + m[2] + "-" + m[3] + ".tgz"
	case "pypi":
		m := pypiRef.FindStringSubmatch(rest)
		if m == nil {
			return "", referenceError(address, "pypi:NAME@VERSION#FILE")
		}
		tail = "packages/" + pypiKind(m[3]) + "/" + m[1][:1] + "/" + m[1] + "/" + m[3]
	case "gomod":
		at := strings.LastIndexByte(rest, '@')
		if at < 0 || module.Check(rest[:at], rest[at+1:]) != nil {
			return "", referenceError(address, "gomod:PATH@VERSION")
		}
		name, _ := module.EscapePath(rest[:at])
		version, _ := module.EscapeVersion(rest[at+1:])
		tail = name + "/@v/" + version + ".zip"
	default:
		return "", fmt.Errorf("address %.80q: the scheme is none of http, https, npm, pypi and gomod", address)
	}
	if r[scheme] == "" {
		return "", fmt.Errorf("address %.80q: there is no registry of %s", address, scheme)
	}
	return strings.TrimSuffix(r[scheme], "/") + "/" + tail, nil
}

// has reports whether there is an address for one of a row, whose form was checked when the row was read or written.
func (r Registries) has(address string) bool {
	scheme, _, _ := strings.Cut(address, ":")
	return scheme == "http" || scheme == "https" || r[scheme] != ""
}

func referenceError(address, want string) error {
	return fmt.Errorf("address %.80q: it is not %s", address, want)
}

// pypiKind is the directory of a file: its Python tag for a wheel, else source.
func pypiKind(file string) string {
	parts := strings.Split(strings.TrimSuffix(file, ".whl"), "-")
	if !strings.HasSuffix(file, ".whl") || len(parts) < 5 {
		return "source"
	}
	tag := parts[len(parts)-3]
	if !pypiPython.MatchString(tag) {
		return "source"
	}
	return tag
}

func checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("address %.80q: it is not a URL of http or https", text)
	case u.User != nil:
		return errors.New("an address must not hold a login")
	case strings.ContainsAny(text, " \t\r\n\"'`\\<>${}|^"):
		return fmt.Errorf("address %.80q: it has a character that has to be escaped", text)
	}
	return nil
}

// everywhere has a base for every scheme, to check the form of a reference.
var everywhere = Registries{"npm": "x", "pypi": "x", "gomod": "x"}

func checkAddress(text string) (string, error) {
	if _, err := everywhere.Address(text); err != nil {
		return "", errors.New("it is not a URL of http or https without a login, and no reference: npm:NAME@VERSION, pypi:NAME@VERSION#FILE or gomod:PATH@VERSION")
	}
	return text, nil
}

func checkBase(text string) (string, error) {
	if checkURL(text) != nil {
		return "", errors.New("it is not a URL of http or https without a login")
	}
	return text, nil
}

// sizes are the bytes of the hashes that archives may have.
var sizes = map[string]int{"sha256": 32, "sha512": 64}

// checkHash takes ALGORITHM:HEX, the form of subresource integrity, and plain hexadecimal; it returns ALGORITHM:HEX.
func checkHash(text string) (string, error) {
	wrong := errors.New("it is no hash: give sha256:HEX or sha512:HEX")
	algorithm, digits, ok := strings.Cut(text, ":")
	if !ok {
		algorithm, digits = map[int]string{64: "sha256", 128: "sha512"}[len(text)], text
	}
	b, err := hex.DecodeString(digits)
	if name, encoded, sri := strings.Cut(text, "-"); !ok && sri {
		algorithm = name
		b, err = base64.StdEncoding.Strict().DecodeString(encoded)
	}
	if err != nil || len(b) == 0 || len(b) != sizes[algorithm] {
		return "", wrong
	}
	return algorithm + ":" + hex.EncodeToString(b), nil
}

// checkNAR takes what fetchTarball takes, sha256-BASE64.
func checkNAR(text string) (string, error) {
	hash, err := checkHash(text)
	if err != nil || !strings.HasPrefix(text, "sha256-") || !strings.HasPrefix(hash, "sha256:") {
		return "", errors.New("it is not sha256-BASE64")
	}
	return text, nil
}

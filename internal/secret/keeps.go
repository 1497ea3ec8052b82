package secret

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// KeepsBytes is how much of a file [Keeps] has to be shown.
const KeepsBytes = 64 << 10

// A store is a kind of file that programs keep credentials in.
type store struct {
	names   []string // patterns of path.Match for the name, or for the last two parts of the path if there is a slash
	content *lazyregexp.Regexp
	what    string
}

// literalValue begins a value that is written out, as opposed to the name of a variable.
const literalValue = `["']?[^\s"'$%<{]`

var stores = []store{
	{[]string{".npmrc", "npmrc"}, lazyregexp.New(`(?m)^[^#;\n]*(_authToken|_auth|_password)\s*=\s*` + literalValue), "an npm token"},
	{[]string{".yarnrc.yml"}, lazyregexp.New(`(?m)^\s*npmAuth(Token|Ident):\s*` + literalValue), "a Yarn token"},
	{[]string{"auth.json"}, lazyregexp.New(`"(http-basic|bearer|(github|gitlab)-(oauth|token)|bitbucket-oauth)"\s*:\s*\{\s*"`), "a Composer login"},
	{[]string{".netrc", "_netrc"}, lazyregexp.New(`(?m)(^|\s)password\s+\S`), "a password"},
	{[]string{".docker/config.json", ".dockercfg"}, lazyregexp.New(`"(auth|identitytoken|registrytoken)"\s*:\s*"[^"]`), "a registry login"},
	{[]string{".aws/credentials", ".aws/config"}, lazyregexp.New(`(?mi)^\s*aws_(secret_access_key|session_token)\s*=\s*` + literalValue), "an AWS key"},
	{[]string{".kube/config", "kubeconfig", "kubeconfig.y*ml"}, lazyregexp.New(`(?m)^\s*(token|password|client-key-data):\s*` + literalValue), "a Kubernetes login"},
	{[]string{".pypirc"}, lazyregexp.New(`(?m)^\s*password\s*[=:]\s*` + literalValue), "a PyPI token"},
	{[]string{"pip.conf", "pip.ini", ".git-credentials", ".bundle/config", "bunfig.toml", "NuGet.Config", "nuget.config"},
		lazyregexp.New(`://[^/\s:@"']*:[^/\s@"'$%{]+@|(?i)"ClearTextPassword"\s+value="[^"%]|BUNDLE_[A-Z0-9_]+__[A-Z0-9_]+: "?[^\s$"]|(?m)^\s*token\s*=\s*` + literalValue), "a login"},
	{[]string{"settings.xml"}, lazyregexp.New(`<(password|passphrase)>\s*[^\s$<{]`), "a Maven password"},
	{[]string{".cargo/credentials", ".cargo/credentials.toml", ".cargo/config.toml"}, lazyregexp.New(`(?m)^\s*(token|secret-key)\s*=\s*` + literalValue), "a Cargo token"},
	{[]string{".pgpass"}, lazyregexp.New(`(?m)^[^#\n]+:[^:\n]+$`), "a password"},
	{[]string{".vault-token"}, lazyregexp.New(`\S`), "a Vault token"},
	{[]string{"*.json"}, lazyregexp.New(`"private_key"\s*:\s*"-----BEGIN|"type"\s*:\s*"(external_account|authorized_user)"`), "Google Cloud credentials"},
	{[]string{"*.pem", "*.key", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}, lazyregexp.New(`(?m)^-----BEGIN [A-Z ]*PRIVATE KEY-----`), "a private key"},
}

// samples are endings of files that show what an environment file looks like.
var samples = []string{".example", ".sample", ".template", ".dist", ".defaults"}

// MayKeep reports whether a file of that name, a slash-separated path, is of a kind that programs keep credentials in.
func MayKeep(name string) bool {
	return isEnv(name) || slices.ContainsFunc(stores, func(s store) bool { return s.has(name) })
}

// Keeps says which credential the beginning of a file holds, such as "an npm token"; "" for none. A place for a variable's value is
// none.
func Keeps(name string, content []byte) string {
	for _, s := range stores {
		if s.has(name) && s.content.Match(content) {
			return s.what
		}
	}
	if !isEnv(name) {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		variable, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if ok && !strings.HasPrefix(variable, "#") && !strings.HasPrefix(value, "$") && Looks(strings.TrimSpace(variable), value) {
			return "the variable " + printable(strings.TrimSpace(variable))
		}
	}
	return ""
}

func isEnv(name string) bool {
	base := path.Base(name)
	return (base == ".env" || strings.HasPrefix(base, ".env.") || base == ".envrc") &&
		!slices.ContainsFunc(samples, func(s string) bool { return strings.HasSuffix(base, s) })
}

func (s store) has(name string) bool {
	base := path.Base(name)
	return slices.ContainsFunc(s.names, func(pattern string) bool {
		text := base
		if strings.Contains(pattern, "/") {
			text = path.Join(path.Base(path.Dir(name)), base)
		}
		ok, _ := path.Match(pattern, text)
		return ok
	})
}

// variableName is what a shell takes as the name of a variable.
var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// printable is the name of a variable, or a word in its place if it may be something else.
func printable(name string) string {
	if len(name) <= 64 && variableName.MatchString(name) {
		return name
	}
	return "of a strange name"
}

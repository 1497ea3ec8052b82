package secret

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// shapes are of values that are secrets wherever they stand: tokens of GitHub, GitLab, npm, PyPI, Docker, Slack, Stripe, Google and
// OpenAI's kind, keys of AWS, JSON Web Tokens, and private keys.
const shapes = `gh[pousr]_[A-Za-z0-9]{16}|github_pat_|gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_-]{16}|npm_[A-Za-z0-9]{30}|pypi-[A-Za-z0-9_-]{16}|` +
	`dckr_(?:pat|oat)_|xox[abeprs]-|[rs]k_(?:live|test)_|sk-[A-Za-z0-9_-]{20}|AIza[A-Za-z0-9_-]{30}|(?:AKIA|ASIA)[A-Z0-9]{16}|eyJ[A-Za-z0-9_-]{10,}\.eyJ`

// telling are the words of names of variables that hold secrets.
var (
	telling  = lazyregexp.New(`(?i)(^|_|-)(token|secret|password|passwd|passphrase|credentials?|private_?key|api_?key|access_?key|secret_?key|auth_?key|ssh_?key|signing_?key|encryption_?key|master_?key|deploy_?key)s?($|_|-)|(token|secret|password|apikey|(_|-|^)key)$`)
	prefixes = lazyregexp.New(`^(?:` + shapes + `|-----BEGIN [A-Z ]*PRIVATE KEY)`)
	// public are names that end like a secret's and are none.
	public = lazyregexp.New(`(?i)public|(cache|primary|foreign|sort|partition|idempotency)_key$|(_|^)(url|uri|path|file|dir|name|id|ttl|expiry|length|header)$`)
	// credential is the password in a URL.
	credential = lazyregexp.New(`^[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@`)
)

// Looks reports whether a variable looks as if it held a secret, by its name or by its value. An empty value holds none.
func Looks(name, value string) bool {
	value = strings.TrimSpace(value)
	switch strings.ToLower(value) {
	case "", "true", "false", "0", "1", "yes", "no":
		return false
	}
	return prefixes.MatchString(value) || credential.MatchString(value) || telling.MatchString(name) && !public.MatchString(name)
}

package graph

import (
	"path"
	"strconv"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/shell"
)

// portDefault is the port of a start command that takes PORT.
var portDefault = lazyregexp.New(`\$\{PORT:-([0-9]{1,5})\}`)

// ports lists the ports that the plan tells: PORT, or what stands in its place in the start command.
func (b *builder) ports() []string {
	port := b.plan.Variables["PORT"]
	if start := b.plan.Start; port == "" && start != nil && start.Cmd != nil {
		if m := portDefault.FindStringSubmatch(*start.Cmd); m != nil {
			port = m[1]
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return nil
	}
	return []string{port + "/tcp"}
}

// stopSignals are the signals by which servers end when their requests are done, as their manuals say. SIGTERM ends these at once, and
// uWSGI loads anew.
var stopSignals = map[string]string{
	"apache2": "SIGWINCH",
	"httpd":   "SIGWINCH",
	"nginx":   "SIGQUIT",
	"php-fpm": "SIGQUIT",
	"uwsgi":   "SIGINT",
}

// stopSignal is the signal for the program of a simple start command, "" for SIGTERM.
func stopSignal(cmd *string) string {
	if cmd == nil {
		return ""
	}
	words, ok := shell.Words(*cmd)
	if !ok || len(words) == 0 {
		return ""
	}
	return stopSignals[path.Base(words[0])]
}

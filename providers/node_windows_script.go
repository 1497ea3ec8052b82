package providers

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	windowsVariable = lazyregexp.New(`%[A-Za-z_]\w*%`)
	windowsPath     = lazyregexp.New(`(?:^|\s)(?:\.{0,2}\\)?[\w.-]+(?:\\[\w.-]+)+`)
)

// warnOfWindows warns of a start script that means something else in the image, where a shell of Unix runs it.
func (n *nodeApp) warnOfWindows(script string) {
	text := n.pkg.Scripts[script]
	if name := windowsVariable.FindString(text); name != "" {
		n.warn("scripts.%s has %s, which only Windows replaces by the variable: write $%s", script, name, strings.Trim(name, "%"))
	}
	if name := strings.TrimSpace(windowsPath.FindString(text)); name != "" {
		n.warn("scripts.%s has the path %.60q, of which only Windows takes the backslashes: write %q", script, name, strings.ReplaceAll(name, `\`, "/"))
	}
}

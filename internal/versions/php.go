package versions

import (
	"github.com/org/npx-action/internal/ranges"
)

var phpRows = append([]row{
	{tool: "php", key: "PHP_VERSION", parse: phpPlain},
	{tool: "php", file: ".php-version", read: oneLine, parse: phpPlain},
	{tool: "php", file: "composer.json", key: "config.platform.php", read: inJSON("config", "platform", "php"), parse: phpPlatform},
	{tool: "php", file: "composer.json", key: "require.php", read: inJSON("require", "php"), parse: ranges.Composer},
}, managersBy(phpPlain, "php")...)

// phpPlain reads a version as people write it, else a constraint of Composer.
func phpPlain(text string) (ranges.Range, error) {
	return firstGrammar(text, ranges.Plain, ranges.Composer)
}

// phpPlatform reads the version for which Composer resolves packages: that release or a later patch, and no newer line.
func phpPlatform(text string) (ranges.Range, error) {
	if r, err := ranges.Composer("~" + text); err == nil {
		return r, nil
	}
	return ranges.Composer(text)
}

// firstGrammar reads a text by the first grammar that understands it. The error is the first grammar's.
func firstGrammar(text string, first, second func(string) (ranges.Range, error)) (ranges.Range, error) {
	r, err := first(text)
	if err == nil {
		return r, nil
	}
	if other, otherErr := second(text); otherErr == nil {
		return other, nil
	}
	return ranges.Range{}, err
}

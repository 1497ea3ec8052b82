package option

import (
	"fmt"
	"strings"
)

// Lines is a list, one item a line. Blank lines, lines that start with #, and blanks around items are dropped.
type Lines []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Lines) UnmarshalText(text []byte) error {
	*l = nil
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			*l = append(*l, line)
		}
	}
	return nil
}

// Words is a list separated by newlines, commas or blanks.
type Words []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *Words) UnmarshalText(text []byte) error {
	*w = strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	return nil
}

// Bool takes what GitHub's toolkit takes: true, True, TRUE, false, False and FALSE.
type Bool bool

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *Bool) UnmarshalText(text []byte) error {
	switch Truth(string(text)) {
	case "true":
		*b = true
	case "false":
		*b = false
	default:
		return fmt.Errorf("%q is neither true nor false", text)
	}
	return nil
}

// Truth writes true and false in lower case, and keeps any other text.
func Truth(text string) string {
	switch text {
	case "true", "True", "TRUE":
		return "true"
	case "false", "False", "FALSE":
		return "false"
	}
	return text
}

// A Command is a shell command. It tells a command that is not given from one that is empty, and implements pflag.Value.
type Command struct{ text *string }

// Set takes the text.
func (c *Command) Set(text string) error {
	c.text = &text
	return nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Command) UnmarshalText(text []byte) error { return c.Set(string(text)) }

// Text is nil if the command is not given.
func (c Command) Text() *string { return c.text }

// String is the text, "" if it is not given.
func (c Command) String() string {
	if c.text == nil {
		return ""
	}
	return *c.text
}

// Type is what the help shows for the value.
func (c Command) Type() string { return "command" }

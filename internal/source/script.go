package source

import (
	"bytes"
	"errors"
	"strings"
)

// ScriptBlock begins the block of comments in which a Python script holds its own metadata, in the form of PEP 723.
const ScriptBlock = "# /// script"

// Script decodes the TOML of a Python script's block into v, as [Tree.TOML] does. It reports whether the file has such a block. Lines of an
// error are lines of the file.
func (t *Tree) Script(name string, v any) (found bool, err error) {
	if !t.Contains(name, ScriptBlock) {
		return false, nil
	}
	b, err := t.text(name)
	if err != nil {
		return false, err
	}
	block, above, ok := scriptBlock(string(bytes.TrimPrefix(b, bom)))
	if !ok {
		return false, nil
	}
	err = decodeTOML(name, []byte(block), v)
	if e := (*Error)(nil); errors.As(err, &e) && e.Line > 0 {
		e.Line, e.Column = e.Line+above, 0
	}
	return err == nil, err
}

// scriptBlock is the text of the block without its comment signs, and how many lines of the file are above it. The block ends with the last line
// of "# ///" of an unbroken run of comments.
func scriptBlock(text string) (block string, above int, ok bool) {
	var lines []string
	end := -1
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case !inside && line == ScriptBlock:
			inside = true
			above++
			continue
		case !inside:
			above++
			continue
		case line == "# ///":
			end = len(lines)
		}
		if !strings.HasPrefix(line, "#") {
			break
		}
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	if end < 0 {
		return "", 0, false
	}
	return strings.Join(lines[:end], "\n") + "\n", above, true
}

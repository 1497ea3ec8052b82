// Package secret handles values that steps of a build may see and nothing else: where they come from, how their change
// shows in cache keys, and the proof that they are in nothing that is kept.
//
// No error and no result of this package holds a value, or text that holds one.
package secret

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
)

// The limits of a value in bytes. A shorter one would be found in text that has nothing to do with it, and guessed; the
// largest is BuildKit's.
const (
	MinLength = 8
	MaxLength = 500_000
)

var namePattern = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// CheckName refuses a text that is no name of a variable. Such a name is not repeated: it may be a value in the wrong place.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return errors.New("a name has letters, digits and underscores, such as NPM_TOKEN")
	}
	return nil
}

// Check refuses a value that no variable can hold, or that cannot be searched for.
func Check(name, value string) error {
	switch n := len(strings.TrimSpace(value)); {
	case n < MinLength:
		return fmt.Errorf("the secret %s has %d bytes: under %d it cannot be told from other text", name, n, MinLength)
	case len(value) > MaxLength:
		return fmt.Errorf("the secret %s has %d bytes, more than %d", name, len(value), MaxLength)
	case strings.ContainsRune(value, 0) || !utf8.ValidString(value):
		return fmt.Errorf("the secret %s is binary, which no variable can hold: encode it, for instance with base64", name)
	}
	return nil
}

// A Source says where the value of a secret comes from. One of Env and File is set.
type Source struct{ Name, Env, File string }

// ParseSource reads an option as docker build has it: id=NAME, then env=VARIABLE or src=FILE. With neither, the variable is
// called as the secret. Type and source are understood too.
func ParseSource(option string) (Source, error) {
	var s Source
	fields, err := csv.NewReader(strings.NewReader(option)).Read()
	if err != nil {
		return s, errors.New("its quotes do not match")
	}
	var kind string
	for _, field := range fields {
		key, value, ok := strings.Cut(field, "=")
		if !ok {
			return s, errors.New("a part of it is not KEY=VALUE")
		}
		switch strings.ToLower(key) {
		case "id":
			s.Name = value
		case "env":
			s.Env = value
		case "src", "source":
			s.File = value
		case "type":
			kind = value
		default:
			return s, errors.New("it has another key than id, env, src and type")
		}
	}
	if err := CheckName(s.Name); err != nil {
		return Source{}, err
	}
	switch {
	case kind != "" && kind != "env" && kind != "file":
		return s, errors.New("its type is neither env nor file")
	case s.Env != "" && (s.File != "" || kind == "file"):
		return s, errors.New("it has a variable and a file: give one of them")
	case kind == "env" && s.File != "": // as docker has it
		s.Env, s.File = s.File, ""
	case kind == "file" && s.File == "":
		return s, errors.New("it has no file: give src=FILE")
	case s.Env == "" && s.File == "":
		s.Env = s.Name
	}
	if s.Env != "" && CheckName(s.Env) != nil {
		return s, errors.New("its env is no name of a variable")
	}
	return s, nil
}

// Read returns the value, as it is.
func (s Source) Read(lookup func(name string) (string, bool), readFile func(name string) ([]byte, error)) (string, error) {
	var value string
	if s.File != "" {
		data, err := readFile(s.File)
		if err != nil {
			return "", fmt.Errorf("reading the secret %s: %w", s.Name, err)
		}
		value = string(data)
	} else if value, _ = lookup(s.Env); value == "" {
		return "", fmt.Errorf("reading the secret %s: the variable %s is not set or empty", s.Name, s.Env)
	}
	return value, Check(s.Name, value)
}

package plan

import (
	"errors"
	"fmt"
)

// Settings are what a configuration file says of versions. They are read beside its plan and are no part of it.
type Settings struct {
	Date   Setting  // catalogue-date; its text is "" if there is none
	Strict bool     // strict-versions
	Tables []Table  // of catalogue, list by list
	Given  []string // the keys of these that there are, each with its line: "3: unknown key catalogue"
}

// A Setting is a text with its line, from 1.
type Setting struct {
	Text string
	Line int
}

// A Table is a row of catalogue, such as a [[catalogue.release]].
type Table struct {
	Kind   string // release
	Line   int    // from 1
	Values map[string]Setting
}

// maxTables bounds the rows of a configuration, which a request may bring. A file that the workflow names may have more.
const maxTables = 1000

// The keys of settings in a document.
const (
	keyCatalogue = "catalogue"
	keyDate      = "catalogue-date"
	keyStrict    = "strict-versions"

	keyRegistries = "registries" // of catalogue: one table, and no list
)

// SettingsJSON reads the settings in a text of JSON that [ParseJSON] takes. Every error is a [*SyntaxError]; the keys are given beside it.
func SettingsJSON(data []byte) (Settings, error) { return settings(readJSON(data)) }

// SettingsTOML is [SettingsJSON] for TOML.
func SettingsTOML(data []byte) (Settings, error) { return settings(readTOML(data)) }

func settings(doc *document, root *node, err error) (Settings, error) {
	if err != nil {
		return Settings{}, err
	}
	d := &decoder{doc: doc}
	var s Settings
	for _, m := range root.members {
		if m.value.kind == kindNull || m.key != keyDate && m.key != keyStrict && m.key != keyCatalogue {
			continue
		}
		line, _ := doc.position(m.at)
		s.Given = append(s.Given, fmt.Sprintf("%d: unknown key %s", line, m.key))
		var wrong error
		switch m.key {
		case keyDate:
			s.Date, wrong = d.setting(keyDate, m.value)
		case keyStrict:
			if s.Strict = m.value.text == "true"; m.value.kind != kindBool {
				wrong = d.mismatch(m.value, keyStrict, kindBool)
			}
		case keyCatalogue:
			s.Tables, wrong = d.tables(m.value)
		}
		if err == nil {
			err = wrong
		}
	}
	return s, err
}

// setting reads a text or a date.
func (d *decoder) setting(path string, n *node) (Setting, error) {
	if n.kind != kindString && (n.kind != kindDate || n.text == "") {
		return Setting{}, d.mismatch(n, path, kindString)
	}
	line, _ := d.doc.position(n.at)
	return Setting{n.text, line}, nil
}

// tables reads the lists of catalogue; registries is one table.
func (d *decoder) tables(n *node) (list []Table, err error) {
	err = d.each(keyCatalogue, n, func(path string, kind member) error {
		items := kind.value.items
		switch {
		case kind.key == keyRegistries:
			items = []*node{kind.value}
		case kind.value.kind != kindList:
			return d.doc.fail(kind.value.at, path, fmt.Errorf("want a list of tables, got %s", kind.value.kind), "")
		}
		for _, item := range items {
			if len(list) == maxTables {
				return d.doc.fail(item.at, path, errTables, "give the rest in a file, by the option catalogue")
			}
			line, _ := d.doc.position(item.at)
			t := Table{Kind: kind.key, Line: line, Values: map[string]Setting{}}
			err := d.each(path, item, func(path string, m member) (err error) {
				t.Values[m.key], err = d.setting(path, m.value)
				return err
			})
			if err != nil {
				return err
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

var errTables = errors.New("a configuration has at most 1000 tables of a catalogue")

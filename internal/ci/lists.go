package ci

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/option"
)

// takeArrays moves the lists that are JSON arrays of strings out of values: that is how a component of GitLab puts a list into a
// variable. An array is what the input is as a whole, and never what one of its items is.
func takeArrays(values map[string]string) map[string][]string {
	lists := map[string][]string{}
	for _, o := range option.Inputs() {
		name := strings.ToUpper(o.Name)
		var items []string
		if o.Kind.List() && strings.HasPrefix(strings.TrimSpace(values[name]), "[") && json.Unmarshal([]byte(values[name]), &items) == nil {
			delete(values, name)
			lists[name] = items
		}
	}
	return lists
}

// addArrays puts lists before the items that the inputs have from elsewhere.
func (in *Inputs) addArrays(lists map[string][]string) {
	given := reflect.ValueOf(in).Elem()
	for name, items := range lists {
		switch list := given.FieldByName(byName[name].Field()).Addr().Interface().(type) {
		case *option.Lines:
			*list = slices.Concat(trimmedItems(items), *list)
		case *option.Words:
			var words option.Words
			_ = words.UnmarshalText([]byte(strings.Join(items, "\n"))) // any text is words
			*list = slices.Concat(words, *list)
		}
	}
}

// trimmedItems drops blank items, and blanks around the others.
func trimmedItems(items []string) option.Lines {
	var list option.Lines
	for _, item := range items {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// variableName is what a job takes as the name of a variable: what every shell does.
var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// checkVariables refuses a line that is not NAME=VALUE in the input env. The error has the number of an item in place of its text, which may be
// a part of a value.
func checkVariables(pairs []string) error {
	for i, pair := range pairs {
		name, _, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("reading input env: item %d of %d is not NAME=VALUE, and a job takes no value from its environment; write NAME= for an empty value", i+1, len(pairs))
		}
		if !variableName.MatchString(name) {
			return fmt.Errorf("reading input env: item %d of %d has a name with other characters than letters, digits and underscores, or with a digit first", i+1, len(pairs))
		}
	}
	return nil
}

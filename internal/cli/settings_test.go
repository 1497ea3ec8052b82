package cli

import (
	"io"
	"reflect"
	"testing"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

// defaults are the settings of a build without flags.
func defaults() settings {
	var s settings
	s.register(&cobra.Command{Use: "build"})
	return s
}

func TestAFlagTakesItsValuesAndNoOthers(t *testing.T) {
	status := func(o option.Option, value string) int {
		s := defaults()
		reflect.ValueOf(&s.Build).Elem().FieldByName(o.Field()).SetString(value)
		return fault.Status(s.check(io.Discard))
	}
	for _, o := range option.Flags(option.Builds, "build") {
		if o.Values == nil {
			continue
		}
		for _, value := range o.Values {
			if got := status(o, value); got != fault.OK && value != "tty" { // which the writer is not
				t.Errorf("--%s %s: status %d", o.Flagged(), value, got)
			}
		}
		for _, value := range []string{"", "yes", "Auto"} {
			if got := status(o, value); got != fault.Misuse {
				t.Errorf("--%s %q: status %d", o.Flagged(), value, got)
			}
		}
	}
}

func TestPromoteTakesTwoWords(t *testing.T) {
	for mode, want := range map[string]int{"auto": fault.OK, "never": fault.OK, "always": fault.Misuse, "": fault.Misuse} {
		s := defaults()
		s.Promote = mode
		if got := fault.Status(s.check(io.Discard)); got != want {
			t.Errorf("%q: status %d", mode, got)
		}
	}
}

package cli

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/option"
)

func TestAFlagSetsTheValueOfItsOption(t *testing.T) {
	for _, o := range option.Flags(option.Builds, "build") {
		var s settings
		cmd := &cobra.Command{Use: "build"}
		s.register(cmd)
		if got := strings.Join(o.Texts(s.Build), ""); o.Kind == option.KindText && got != o.Default {
			t.Errorf("--%s is %q by default, want %q", o.Flagged(), got, o.Default)
		}
		value := map[option.Kind]string{option.KindBool: "true", option.KindTime: "90s"}[o.Kind]
		if value == "" {
			value = "a, b"
		}
		if err := cmd.ParseFlags([]string{"--" + o.Flagged() + "=" + value}); err != nil {
			t.Errorf("--%s: %v", o.Flagged(), err)
		}
		switch got := reflect.ValueOf(s.Build).FieldByName(o.Field()).Interface().(type) {
		case option.Bool:
			if !got {
				t.Errorf("--%s sets nothing", o.Flagged())
			}
		case time.Duration:
			if got != 90*time.Second {
				t.Errorf("--%s sets %s", o.Flagged(), got)
			}
		default:
			if got := o.Texts(s.Build); !slices.Equal(got, []string{value}) {
				t.Errorf("--%s sets %q", o.Flagged(), got)
			}
		}
	}
}

func TestACommandThatIsEmptyIsGiven(t *testing.T) {
	var o options
	root := &cobra.Command{Use: "npx-action"}
	o.register(root)
	if err := root.ParseFlags([]string{"-b", "", "-p", "a", "--pkgs", "b,c"}); err != nil {
		t.Fatal(err)
	}
	if o.InstallCmd.Text() != nil || o.BuildCmd.Text() == nil || *o.BuildCmd.Text() != "" {
		t.Errorf("got %v and %v", o.InstallCmd.Text(), o.BuildCmd.Text())
	}
	if !slices.Equal(o.Pkgs, option.Words{"a", "b,c"}) {
		t.Errorf("got %q", o.Pkgs)
	}
}

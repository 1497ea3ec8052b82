package cli

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

// known fills in the words of helps that other packages know.
var known = strings.NewReplacer("{addresses}", builder.Addresses, "{routes}", strings.Join(builder.Routes(), ", "), "{image}", builder.DefaultImage)

// bind gives a command the flags of a group of options. They set the fields of the group's struct, to which values points. Own holds the
// values of flags, by their names, that set something else. Options that the command lacks have their defaults.
func bind(cmd *cobra.Command, flags *pflag.FlagSet, values any, own map[string]pflag.Value) {
	group := reflect.ValueOf(values).Elem()
	for _, o := range option.All() {
		if o.Flag != nil && o.Group == option.Group(group.Type().Name()) && o.Default != "" {
			add(pflag.NewFlagSet("", pflag.ContinueOnError), o, group.FieldByName(o.Field()).Addr(), "")
		}
	}
	for _, o := range option.Flags(option.Group(group.Type().Name()), cmd.Name()) {
		name, usage := o.Flagged(), known.Replace(o.Usage())
		if v := own[name]; v != nil {
			flags.VarP(v, name, o.Flag.Short, usage)
		} else {
			add(flags, o, group.FieldByName(o.Field()).Addr(), usage)
		}
		under(flags, o.Topic, name)
		words := slices.Concat(o.Values, o.Suggest)
		if o.Name == "route" {
			words = append([]string{o.Default}, builder.Routes()...)
		}
		if words != nil {
			complete(cmd, name, words...)
		}
	}
}

// add adds the flag of an option, which sets the field.
func add(flags *pflag.FlagSet, o option.Option, field reflect.Value, usage string) {
	name, short := o.Flagged(), o.Flag.Short
	switch value := field.Interface().(type) {
	case *string:
		flags.StringVarP(value, name, short, o.Default, usage)
	case *option.Bool:
		flags.BoolVarP((*bool)(value), name, short, o.Default == "true", usage)
	case *option.Lines:
		flags.StringArrayVarP((*[]string)(value), name, short, nil, usage)
	case *option.Words:
		flags.StringArrayVarP((*[]string)(value), name, short, nil, usage)
	case *option.Command:
		flags.VarP(value, name, short, usage)
	case *time.Duration:
		flags.DurationVarP(value, name, short, 0, usage)
	}
}

// checkValues refuses a text that is none of the values of its option.
func checkValues(b option.Build) error {
	for _, o := range option.Flags(option.Builds, "build") {
		if o.Values == nil {
			continue
		}
		if err := fault.Choice(o.Flagged(), strings.Join(o.Texts(b), ""), o.Values...); err != nil {
			return err
		}
	}
	return nil
}

package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/fault"
)

func versionsCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "versions [TOOL[@RANGE]]",
		Short: "List the versions of tools that can be had",
		Long: `Versions lists the program's catalogue. Without TOOL it lists all tools, each with the version that an app gets that asks for
none. With TOOL it lists the lines of versions and their dates. With RANGE it lists the versions that the range allows, newest
first, and says which of them an app gets.

RANGE is a version or its beginning (22, 22.14.0), lts, lts/NAME, latest, or a range. A range is in the grammar of the tool's
ecosystem, such as "node@^22.12", "python@>=3.11,<3.13" and "ruby@~> 3.3".`,
		Example: `  npx-action versions
  npx-action versions node
  npx-action versions "node@^22.12 || >=24"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fault.Usage("quote a range that has blanks", "expected one TOOL[@RANGE], got %d arguments", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			c, err := catalogue.Open(catalogue.Options{})
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return c.Tools(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.versions(strings.Join(args, "")) },
	}
}

func (p *program) versions(asked string) error {
	c, err := catalogue.Open(catalogue.Options{})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 8, 2, ' ', 0)
	switch {
	case asked == "":
		err = listTools(table, c)
	case !strings.Contains(asked, "@"):
		err = p.listLines(table, c, asked)
	default:
		err = p.listVersions(table, c, asked)
	}
	if err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("writing the versions: %w", err)
	}
	p.say("note", "this is the catalogue of "+string(c.Date()))
	return nil
}

// onPlatforms lists the versions that some platform has, newest first, and on which platforms each is.
func onPlatforms(t *catalogue.Tool) (versions []string, platforms map[string][]string) {
	platforms = map[string][]string{}
	for _, platform := range []string{"linux/amd64", "linux/arm64"} {
		list := t.Versions(platform)
		for i, v := range list {
			if !slices.Contains(versions, v) {
				// The lists differ in few versions: this one follows what it follows there.
				at := 0
				if i > 0 {
					at = 1 + slices.Index(versions, list[i-1])
				}
				versions = slices.Insert(versions, at, v)
			}
			platforms[v] = append(platforms[v], platform)
		}
	}
	return versions, platforms
}

func listTools(w io.Writer, c *catalogue.Catalogue) error {
	fmt.Fprintln(w, "TOOL\tGIVEN\tVERSIONS")
	for _, name := range c.Tools() {
		t, err := c.Tool(name)
		if err != nil {
			return err
		}
		given := "-" // all its lines have ended
		if choice, err := c.Choose(name, catalogue.Ask{Platform: "linux/amd64"}); err == nil {
			given = choice.Version
		}
		versions, _ := onPlatforms(t)
		fmt.Fprintf(w, "%s\t%s\t%d\n", name, given, len(versions))
	}
	return nil
}

func (p *program) listLines(w io.Writer, c *catalogue.Catalogue, name string) error {
	t, err := c.Tool(name)
	if err != nil {
		return unknownTool(err)
	}
	fmt.Fprintln(w, "LINE\tNEWEST\tVERSIONS\tRELEASED\tLONG SUPPORT\tENDS")
	versions, _ := onPlatforms(t)
	for len(versions) > 0 {
		line := t.Line(versions[0])
		n := slices.IndexFunc(versions, func(v string) bool { return t.Line(v).Name != line.Name })
		if n < 0 {
			n = len(versions)
		}
		ends := dated(line.End)
		if line.Dead(c.Date()) {
			ends += " (ended)"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\n", line.Name, versions[0], n, dated(line.Released), dated(line.Long), ends)
		versions = versions[n:]
	}
	return nil
}

func (p *program) listVersions(w io.Writer, c *catalogue.Catalogue, asked string) error {
	t, r, err := c.Parse(asked)
	if err != nil {
		return unknownTool(err)
	}
	choice, err := c.Choose(t.Name, catalogue.Ask{Range: r, Platform: "linux/amd64"})
	if err != nil {
		return fault.New(fault.App, err, "npx-action versions "+t.Name+" lists its lines")
	}
	fmt.Fprintln(w, "VERSION\tLINE\tENDS\tPLATFORMS")
	versions, platforms := onPlatforms(t)
	for _, v := range versions {
		if v != choice.Version && (r.Word() != "" || !r.Allows(v)) {
			continue
		}
		given := ""
		if v == choice.Version {
			given = " (given)"
		}
		line := t.Line(v)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", v, line.Name, dated(line.End), strings.Join(platforms[v], " "), given)
	}
	for _, text := range choice.Warnings {
		p.say("warning", text)
	}
	return nil
}

func dated(day catalogue.Day) string {
	if day == "" {
		return "-"
	}
	return string(day)
}

// unknownTool makes a misuse of an error about what was asked.
func unknownTool(err error) error {
	hint := ""
	if unknown := (*catalogue.UnknownError)(nil); errors.As(err, &unknown) {
		hint = "npx-action versions lists all tools"
	}
	return fault.New(fault.Misuse, err, hint)
}

package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// schemas are what the schema command prints, the default first.
var schemas = []struct {
	name string
	text func() []byte
}{
	{"config", func() []byte { return plan.ConfigSchema(words()) }},
	{"plan", plan.Schema},
}

func schemaCommand(p *program) *cobra.Command {
	var names []cobra.Completion
	for _, s := range schemas {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "schema [config|plan]",
		Short: "Print the JSON Schema of configuration files or plans",
		Long: `Schema prints a JSON Schema of draft 2020-12. With it, editors and other tools check and complete configuration files
(nixpacks.toml, nixpacks.json), or plans as the command plan prints them.`,
		Example: `  npx-action schema > nixpacks.schema.json
  npx-action schema plan`,
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fault.Usage("see npx-action schema --help", "expected config or plan, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.schema(append(args, schemas[0].name)[0]) },
	}
}

func (p *program) schema(name string) error {
	for _, s := range schemas {
		if s.name != name {
			continue
		}
		if _, err := p.Stdout.Write(s.text()); err != nil {
			return fmt.Errorf("writing the schema: %w", err)
		}
		return nil
	}
	return fault.Usage("use config or plan", "unknown schema %q", name)
}

// words are the names that configuration files may use.
func words() plan.Words {
	var w plan.Words
	for _, provider := range providers.All() {
		w.Providers = append(w.Providers, provider.Name)
	}
	for _, e := range rules.Editions() {
		w.Editions = append(w.Editions, string(e))
	}
	return w
}

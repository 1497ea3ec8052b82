package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

func commentCommand(p *program) *cobra.Command {
	var base string
	cmd := &cobra.Command{
		Use:   "comment [DIR]",
		Short: "Print the comment that a pull request would get",
		Long: `Comment prints, as Markdown, the plan of the app in DIR and how it differs from the plan of another revision.
It builds nothing and sends nothing.`,
		Example: `  npx-action comment . --base origin/main
  npx-action comment services/api --base HEAD~1`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.report(cmd, args, base)
			if r == nil {
				return err
			}
			if _, err := io.WriteString(p.Stdout, r.Comment(report.Limit)); err != nil {
				return fmt.Errorf("writing the comment: %w", err)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "compare with the plan of this `revision`, such as origin/main")
	return plans(cmd)
}

// report is nil if nothing can be told. Of an app that cannot be planned it tells why.
func (p *program) report(cmd *cobra.Command, args []string, base string) (*report.Report, error) {
	in, result, err := p.makeWithInput(args)
	if err != nil && in.Tree == nil {
		return nil, err
	}
	if err != nil {
		return &report.Report{Problem: project.Problem(err, in.Tree)}, err
	}
	r := project.Describe(result)
	if err := project.Compare(cmd.Context(), &r, in, result, p.path(append(args, ".")[0]), base, nil); err != nil {
		return nil, fault.Usage("give a revision of the app's repository, such as origin/main", "comparing with %s: %w", base, err)
	}
	return &r, nil
}

package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/builder"
)

// cleanCommand is what action.yml runs after the job, also if that was cancelled.
func cleanCommand(p *program) *cobra.Command {
	var docker dockerFlags
	cmd := &cobra.Command{
		Use:   "clean",
		Short: "Remove what a killed job left in the Docker engine",
		Long: `Clean removes the builder's containers, and their volumes, that a job of CI has left in the Docker engine, and those that were made for a
container that is gone. A build removes its own; this is for one that was killed in the moment in which it started one. It is run after the
job, with the job's variables. The containers of other jobs stay.

Exit status: 0 if nothing is left, 75 if the engine refuses.`,
		Example: "  npx-action clean",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.clean(cmd.Context(), docker) },
	}
	docker.registerEngine(cmd.Flags())
	return cmd
}

func (p *program) clean(ctx context.Context, docker dockerFlags) error {
	engine, there := p.engine(docker)
	if !there {
		return nil
	}
	n, err := builder.Clean(ctx, engine, p.owner())
	if n > 0 {
		p.say("note", fmt.Sprintf("removed what a run had left in the Docker engine: %d of its containers", n))
	}
	return err
}

// owner tells the job of CI that we are in from those that run at the same time, "" if we are in none. A runner of GitHub runs one job
// at a time, and jobs of a matrix share their name.
func (p *program) owner() string {
	for _, names := range [][]string{
		{"GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "RUNNER_NAME"},
		{"CI_JOB_ID", "CI_RUNNER_ID"},
	} {
		if id, _ := p.lookup(names[0]); id != "" {
			values := make([]string, len(names))
			for i, name := range names {
				values[i], _ = p.lookup(name)
			}
			return strings.Join(values, "/")
		}
	}
	return ""
}

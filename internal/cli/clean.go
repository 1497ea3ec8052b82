package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
)

// cleanCommand is what action.yml runs after the job, also if that was cancelled.
func cleanCommand(p *program) *cobra.Command {
	var docker build.EngineOptions
	cmd := &cobra.Command{
		Use:   "clean",
		Short: "Remove what a killed job left in the Docker engine",
		Long: `Clean removes containers of the builder, with their volumes, that a job of CI has left in the Docker engine. It also removes
containers whose own job container is gone. A build removes its own; this is for a build that was killed in the moment in which
it started one. It is run after the job, with the job's variables. The containers of other jobs stay.

Clean also removes the containers and images of the command run, if the run was killed by SIGKILL on this machine.

Exit status: 0 if nothing is left, 75 if the engine refuses.`,
		Example: "  npx-action clean",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.clean(cmd.Context(), docker) },
	}
	registerEngine(cmd.Flags(), &docker)
	return cmd
}

func (p *program) clean(ctx context.Context, docker build.EngineOptions) error {
	env := p.environment()
	engine, there := env.Engine(docker)
	if !there {
		return nil
	}
	n, err := builder.Clean(ctx, engine, env.Owner())
	if n > 0 {
		p.say("note", fmt.Sprintf("removed what a run had left in the Docker engine: %d of its containers", n))
	}
	return err
}

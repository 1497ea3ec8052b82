package builder

import (
	"context"
	"errors"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	docker "github.com/moby/moby/client"
)

// labels are the labels of a container that is started for a run.
func (o Options) labels(run string) map[string]string {
	l := map[string]string{siblingLabel: run}
	if o.Owner != "" {
		l[ownerLabel] = o.Owner
	}
	return l
}

// Clean removes the containers with their volumes that runs of an owner have left in an engine. It also removes containers that were never
// started and whose job's container is gone, and containers of [Engine.Run] whose process was killed. It returns how many; without an engine, none.
// The owner must have no run any more. A run removes its containers itself, and a builder's end with it. What is left of a builder is of
// a run that was killed in the moment in which it made one.
func Clean(ctx context.Context, e Engine, owner string) (int, error) {
	engine, err := newEngineClient(e)
	if err != nil {
		return 0, err
	}
	all, err := engine.everyContainer(ctx)
	if _, refused := errors.AsType[*statusError](err); refused {
		return 0, &EngineError{Action: "listing the containers of", Host: engine.host, Err: err}
	}
	if err != nil {
		return 0, nil // nothing answers
	}
	left := stale(all)
	for _, c := range all {
		if owner != "" && c.Labels[siblingLabel] != "" && c.Labels[ownerLabel] == owner {
			left = append(left, c)
		}
	}
	for i, c := range left {
		if err := engine.deleteListed(ctx, c); err != nil {
			return i, err
		}
	}
	n, err := engine.removeOrphans(ctx, orphans(all))
	return len(left) + n, err
}

// deleteListed is delete with an error that names the container.
func (c *engineClient) deleteListed(ctx context.Context, listed container.Summary) error {
	if err := c.delete(ctx, listed.ID); err != nil {
		return &EngineError{Action: fmt.Sprintf("removing the container %.12s from", listed.ID), Host: c.host, Err: err}
	}
	return nil
}

// delete removes a container with its volumes. That it is gone already, or going, is no error.
func (c *engineClient) delete(ctx context.Context, name string) error {
	_, err := reply(c.api.ContainerRemove(ctx, name, docker.ContainerRemoveOptions{Force: true, RemoveVolumes: true}))
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return err
}

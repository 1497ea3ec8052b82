package builder

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	docker "github.com/moby/moby/client"

	"github.com/org/npx-action/internal/lazyregexp"
)

// joined begins the mode of a container that shares a namespace with another, whose id follows.
const joined = "container:"

// An identity is what tells us which container we are in.
type identity struct {
	mountinfo string // of /proc/self
	cgroup    string // of /proc/self
	hostname  string
}

func ownIdentity() identity {
	read := func(name string) string {
		text, _ := os.ReadFile(name)
		return string(text)
	}
	host, _ := os.Hostname()
	return identity{read("/proc/self/mountinfo"), read("/proc/self/cgroup"), host}
}

var (
	anonymousVolume = lazyregexp.New(`/volumes/([0-9a-f]{64})/_data$`)
	containerID     = lazyregexp.New(`\b[0-9a-f]{64}\b`)
)

// find returns the container that we are in. Of several, it is the one that runs. A volume without a name is mounted into one container only; the files
// /etc/hostname, /etc/hosts and /etc/resolv.conf may belong to another container, whose network ours shares; and the host's name is
// its id unless the network is the host's.
func (i identity) find(all []container.Summary) (container.Summary, bool) {
	var volumes []string
	ids := containerID.FindAllString(i.cgroup, -1)
	for line := range strings.Lines(i.mountinfo) {
		fields := strings.Fields(line)
		if len(fields) < 5 {
			continue
		}
		root, point := fields[3], fields[4]
		if m := anonymousVolume.FindStringSubmatch(root); m != nil {
			volumes = append(volumes, m[1])
		}
		if slices.Contains([]string{"/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}, point) {
			ids = append(ids, containerID.FindAllString(root, -1)...)
		}
	}
	for _, is := range []func(container.Summary) bool{
		func(c container.Summary) bool {
			return slices.ContainsFunc(c.Mounts, func(m container.MountPoint) bool { return slices.Contains(volumes, m.Name) })
		},
		func(c container.Summary) bool { return slices.Contains(ids, c.ID) },
		func(c container.Summary) bool { return len(i.hostname) >= 12 && strings.HasPrefix(c.ID, i.hostname) },
	} {
		var found, live []container.Summary
		for _, c := range all {
			if is(c) {
				found = append(found, c)
				if c.State == container.StateRunning {
					live = append(live, c)
				}
			}
		}
		if len(live) > 0 {
			found = live
		}
		if len(found) == 1 {
			return found[0], true
		}
	}
	return container.Summary{}, false
}

// everyContainer lists containers that do not run, too.
func (c *engineClient) everyContainer(ctx context.Context) ([]container.Summary, error) {
	list, err := reply(c.api.ContainerList(ctx, docker.ContainerListOptions{All: true}))
	return list.Items, err
}

// containers lists the engine's containers, and tells which we are in. An engine says that a container runs a moment after its
// program has begun, and only then can others share its namespaces: that is waited for.
func (c *engineClient) containers(ctx context.Context, self identity) (own container.Summary, all []container.Summary, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	for {
		var err error
		if all, err = c.everyContainer(ctx); err != nil {
			return container.Summary{}, nil, false
		}
		if own, ok = self.find(all); !ok || own.State == container.StateRunning {
			return own, all, ok
		}
		select {
		case <-ctx.Done():
			return container.Summary{}, nil, false
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stale returns our containers that were never started and are beside ones that run no more. Containers that ran ended with theirs,
// and the engine has removed them.
func stale(all []container.Summary) []container.Summary {
	var out []container.Summary
	for _, c := range all {
		beside, ok := strings.CutPrefix(c.HostConfig.NetworkMode, joined)
		if !ok || c.Labels[siblingLabel] == "" || c.State != container.StateCreated {
			continue
		}
		if !slices.ContainsFunc(all, func(c container.Summary) bool { return c.ID == beside && c.State == container.StateRunning }) {
			out = append(out, c)
		}
	}
	return out
}

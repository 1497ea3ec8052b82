package lower

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/opencontainers/go-digest"

	"github.com/org/npx-action/internal/graph"
)

// release unpacks a release into an empty file system. The archive's address is part of no cache key: its digest is.
func (s *states) release(op graph.Release, n graph.Node) (llb.State, error) {
	if platform := s.platform.OS + "/" + s.platform.Architecture; op.Platform != platform {
		return llb.State{}, fmt.Errorf("it is for %s, and the image for %s", op.Platform, platform)
	}
	name := func(text string) llb.ConstraintsOpt { return llb.WithCustomName("[" + n.Tag() + "] " + text) }
	opts := []llb.RunOption{name(n.Name), llb.User("root")}
	if op.Archive.URL != "" {
		file := path.Base(graph.ArchiveFile)
		archive := llb.HTTP(op.Archive.URL, llb.Filename(file), llb.Checksum(digest.Digest(op.Archive.Digest)), name("fetch "+op.Archive.URL))
		opts = append(opts, llb.AddMount(graph.ArchiveFile, archive, llb.SourcePath("/"+file), llb.Readonly))
	}
	return s.run(op.Run(), opts...).GetMount(graph.ReleaseDir), nil
}

// searched puts directories in front of what PATH holds.
func (s *states) searched(st llb.State, dirs []string) (llb.State, error) {
	if len(dirs) == 0 {
		return st, nil
	}
	value, _, err := st.GetEnv(context.Background(), "PATH")
	if err != nil {
		return llb.State{}, fmt.Errorf("reading PATH: %w", err)
	}
	return st.AddEnv("PATH", strings.Join(dirs, ":")+":"+value), nil
}

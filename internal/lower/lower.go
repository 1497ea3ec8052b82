// Package lower turns a build graph into LLB, BuildKit's build language, and an image configuration.
//
// Equal graphs give equal bytes: nothing here depends on the machine, on the place of the app or on time.
package lower

import (
	"context"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
)

// The names of the two local sources that whoever solves the definition has to provide: the app's directory, and one
// with the graph's generated files.
const (
	App       = "app"
	Generated = "generated"
)

// Options say how the definition will be solved. The zero value is the default.
type Options struct {
	// BuildID tells apart builds that run at the same time on one builder. The builder takes equal definitions for one
	// build and would give the second the first one's local files, so on a shared builder each build needs its own.
	// It is part of no cache key. "" makes equal graphs equal definitions.
	BuildID string

	// Hosts are names that steps can look up besides the hosts that the builder knows. They are part of the cache keys.
	Hosts []Host

	// Stores are cache directories that are states, and so can be exported, in the order of their phases.
	Stores []Store

	// Kept says whose the cache directories are that are no stores.
	Kept Kept

	// Created is the date of the image and of the layers that are added to its base. Without one the builder writes when it made
	// them.
	Created *time.Time
}

// A Host is a name with its address.
type Host struct {
	Name    string
	Address netip.Addr
}

// LLB returns the definition of the graph's image for a platform, and the image's OCI configuration as JSON.
// The graph must be pinned.
func LLB(g *graph.Graph, platform ocispecs.Platform, opt Options) (*llb.Definition, []byte, error) {
	def, err := Node(g, g.Image, platform, opt)
	if err != nil {
		return nil, nil, err
	}
	config, err := imageConfig(g, platform, opt.Created)
	if err != nil {
		return nil, nil, err
	}
	return def, config, nil
}

// Node returns the definition of the file system of one node, such as the node of [graph.Graph.After] "install".
// The graph must be pinned.
func Node(g *graph.Graph, node int, platform ocispecs.Platform, opt Options) (*llb.Definition, error) {
	s, err := lowerNodes(g, node, platform, opt)
	if err != nil {
		return nil, err
	}
	def, err := marshal(s.nodes[node], platform, opt)
	if err != nil {
		return nil, fmt.Errorf("marshalling %q: %w", g.Nodes[node].Name, err)
	}
	return def, nil
}

// lowerNodes lowers the nodes up to one.
func lowerNodes(g *graph.Graph, node int, platform ocispecs.Platform, opt Options) (*states, error) {
	s := &states{g: g, platform: platform, hosts: opt.Hosts, stores: opt.Stores, kept: opt.Kept, dirs: map[string]llb.State{},
		nodes: make([]llb.State, node+1), outputs: map[int]llb.State{}}
	s.app = local(App, llb.ExcludePatterns(g.Ignore))
	s.generated = local(Generated)
	for i, n := range g.Nodes[:node+1] {
		var err error
		if s.nodes[i], err = s.state(i, n); err != nil {
			return nil, fmt.Errorf("lowering %q: %w", n.Name, err)
		}
	}
	return s, nil
}

func marshal(st llb.State, platform ocispecs.Platform, opt Options) (*llb.Definition, error) {
	id := opt.BuildID
	if id == "" {
		id = "npx-action"
	}
	return st.Marshal(context.Background(), llb.Platform(platform), llb.LocalUniqueID(id))
}

func local(name string, opts ...llb.LocalOption) llb.State {
	return llb.Local(name, append(opts, llb.SharedKeyHint(name), llb.WithCustomName("[context] "+name))...)
}

// states holds the state of each node that has been lowered.
type states struct {
	g              *graph.Graph
	platform       ocispecs.Platform
	hosts          []Host
	app, generated llb.State
	nodes          []llb.State
	outputs        map[int]llb.State // of the Runs that have one

	kept   Kept
	stores []Store
	phase  string               // of the last step that had a phase
	dirs   map[string]llb.State // the stores by target, as the last step has left them
}

func (s *states) state(i int, n graph.Node) (llb.State, error) {
	name := llb.WithCustomName("[" + n.Tag() + "] " + n.Name)
	switch op := n.Op.(type) {
	case graph.Image:
		if op.Apart {
			return llb.Image(op.Pinned, llb.Platform(s.platform), name), nil
		}
		return s.image(op, n, name)
	case graph.Run:
		if n.Part == graph.Phase {
			s.begin(n.Phase)
		}
		exec := s.run(op, name)
		if op.Output != "" {
			s.outputs[i] = exec.GetMount(op.Output)
		}
		return exec.Root(), nil
	case graph.Copy:
		return s.copy(op, name), nil
	case graph.Env:
		st := s.nodes[op.On]
		for _, v := range op.Vars {
			st = st.AddEnv(v.Name, v.Value)
		}
		return s.searched(st, op.Path)
	case graph.Release:
		return s.release(op, n)
	case graph.Merge:
		base := s.nodes[op.Base]
		inputs := []llb.State{base}
		for _, l := range op.Layers {
			if s.g.IsApart(l) {
				inputs = append(inputs, s.nodes[l])
				continue
			}
			inputs = append(inputs, llb.Diff(base, s.nodes[l], llb.WithCustomName("[base] layer of "+s.g.Nodes[l].Tag())))
		}
		return llb.Merge(inputs, name), nil
	case graph.RunOutput:
		return s.outputs[op.Of], nil
	case graph.Branch:
		return s.nodes[op.Of], nil
	case graph.AddDiff:
		layer := s.nodes[op.From]
		if !s.g.IsApart(op.From) {
			layer = llb.Diff(s.nodes[op.Since], layer, name)
		}
		if op.Flat {
			layer = llb.Scratch().File(llb.Copy(layer, "/", "/", &llb.CopyInfo{CopyDirContentsOnly: true, ExcludePatterns: relative(op.Without)}), name)
		}
		return llb.Merge([]llb.State{s.nodes[op.On], layer}, name), nil
	default:
		return llb.State{}, fmt.Errorf("a node has the unknown operation %T", op)
	}
}

// relative returns absolute paths as patterns below the root.
func relative(paths []string) []string {
	var patterns []string
	for _, p := range paths {
		patterns = append(patterns, p[1:])
	}
	return patterns
}

// image starts from an image as a Dockerfile's FROM and WORKDIR do, but with the variables in order: their order is
// part of the cache keys.
func (s *states) image(op graph.Image, n graph.Node, name llb.ConstraintsOpt) (llb.State, error) {
	config, err := baseConfig(op, s.platform)
	if err != nil {
		return llb.State{}, err
	}
	st := llb.Scratch()
	if op.Ref != graph.Scratch {
		st = llb.Image(op.Pinned, llb.Platform(s.platform), name)
	}
	for _, kv := range slices.Sorted(slices.Values(config.Config.Env)) {
		key, value, _ := strings.Cut(kv, "=")
		st = st.AddEnv(key, value)
	}
	for _, h := range s.hosts {
		st = st.AddExtraHost(h.Name, h.Address.AsSlice())
	}
	mkdir := []llb.MkdirOption{llb.WithParents(true)}
	if user := config.Config.User; user != "" {
		st = st.User(user)
		mkdir = append(mkdir, llb.WithUser(user))
	}
	return st.Dir(graph.Dir).File(llb.Mkdir(graph.Dir, 0o755, mkdir...),
		llb.WithCustomName("["+n.Tag()+"] make "+graph.Dir)), nil
}

func (s *states) run(op graph.Run, more ...llb.RunOption) llb.ExecState {
	opts := append([]llb.RunOption{llb.Args(op.Args())}, s.cacheMounts(op.Caches)...)
	opts = append(opts, more...)
	for _, m := range op.Mounts {
		opts = append(opts, llb.AddMount(m.To, s.generated, llb.SourcePath("/"+m.From), llb.Readonly))
	}
	for _, s := range op.Secrets() {
		if s.Env != "" {
			opts = append(opts, llb.AddSecret(s.Env, llb.SecretID(s.Ref()), llb.SecretAsEnv(true)))
			continue
		}
		opts = append(opts, llb.AddSecret(s.Target, llb.SecretID(s.ID), llb.SecretOptional, llb.SecretFileOpt(0, 0, 0o444)))
	}
	if op.Output != "" {
		opts = append(opts, llb.AddMount(op.Output, llb.Scratch()))
	}
	if op.Offline {
		opts = append(opts, llb.Network(llb.NetModeNone))
	}
	exec := s.nodes[op.On].Run(opts...)
	s.handOn(exec, op.Caches)
	return exec
}

// copy copies as a Dockerfile's COPY does, but takes every name literally.
func (s *states) copy(op graph.Copy, name llb.ConstraintsOpt) llb.State {
	var from llb.State
	switch op.From {
	case graph.App:
		from = s.app
	case graph.Generated:
		from = s.generated
	case graph.Stage:
		from = s.nodes[op.Stage]
	}
	var action *llb.FileAction
	for _, p := range op.Paths {
		src := path.Join("/", p.From)
		info := &llb.CopyInfo{FollowSymlinks: true, CopyDirContentsOnly: true, CreateDestPath: true}
		if action == nil {
			action = llb.Copy(from, src, p.To, info)
		} else {
			action = action.Copy(from, src, p.To, info)
		}
	}
	if op.Apart {
		return llb.Merge([]llb.State{s.nodes[op.On], llb.Scratch().File(action, name)}, name)
	}
	return s.nodes[op.On].File(action, name)
}

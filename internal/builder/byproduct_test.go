//go:build world

package builder_test

import (
	"testing"

	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// marked writes the same random text to /out and to a mounted directory, which is a state of its own.
func marked(t *testing.T, store llb.State, name string) (image, dir *llb.Definition, contexts map[string]builder.Context) {
	t.Helper()
	base, contexts := program(t)
	exec := base.Run(llb.Args([]string{"/step", "random", "/out", "/store/" + name}), llb.AddMount("/store", store), llb.WithCustomName("mark"))
	return marshal(t, run(exec.Root(), "after", "copy", "/out", "/copy")), marshal(t, exec.GetMount("/store")), contexts
}

func TestAByproductIsOfTheRunThatMadeTheImage(t *testing.T) {
	host := registrytest.Serve(t, nil)
	empty := own(t, builder.Options{})
	if is, err := empty.Empty(t.Context()); err != nil || !is {
		t.Errorf("a new daemon is empty: %v, %v", is, err)
	}
	def, dir, contexts := marked(t, llb.Scratch(), "first")
	layers := builder.Cache{Ref: host + "/app/cache:k", Mode: "max"}
	request := builder.Request{
		Definition: def, Contexts: contexts, CacheExports: []builder.Cache{layers},
		Exports:    []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}}},
		Byproducts: []builder.Byproduct{{Name: "store", Definition: dir, Export: builder.Export{Kind: builder.Push, Refs: []string{host + "/app/cache:store"}}}},
	}
	first := solve(t, empty, request).Byproducts
	if len(first) != 1 || first[0].Err != nil || first[0].Digest == "" {
		t.Fatalf("byproducts: %+v", first)
	}
	mark := content(t, registrytest.Image(t, host+"/app/cache:store"), "first")
	if got := content(t, registrytest.Image(t, host+"/app:1"), "copy"); got != mark || mark == "" {
		t.Errorf("the image has %q, and the byproduct %q", got, mark)
	}
	if is, err := empty.Empty(t.Context()); err != nil || is {
		t.Errorf("a daemon that has built is empty: %v, %v", is, err)
	}

	// A daemon that finds the step in a cache has no state of it.
	request.CacheExports, request.CacheImports = nil, []builder.Cache{layers}
	if again := solve(t, own(t, builder.Options{}), request).Byproducts; again[0].Digest != "" || again[0].Err != nil {
		t.Errorf("the step was cached, but its byproduct is %+v", again)
	}

	// The next one starts from the last one, and adds to it.
	request.Definition, request.Byproducts[0].Definition, request.Contexts = marked(t, llb.Image(host+"/app/cache@"+first[0].Digest), "second")
	request.Byproducts[0].Export = builder.Export{Kind: builder.Push, Refs: []string{host + "/app/cache"}, Attrs: map[string]string{"push-by-digest": "true"}}
	next := solve(t, own(t, builder.Options{}), request).Byproducts
	if next[0].Err != nil {
		t.Fatal(next[0].Err)
	}
	img := registrytest.Image(t, host+"/app/cache@"+next[0].Digest)
	if content(t, img, "first") != mark || content(t, img, "second") == "" {
		t.Error("the second store lacks a file")
	}
	if list, err := img.Layers(); err != nil || len(list) != 2 {
		t.Errorf("the second store has layers %v, %v; want that of the first and one more", list, err)
	}
}

func TestAByproductThatCannotBePushedDoesNotFailTheBuild(t *testing.T) {
	def, dir, contexts := marked(t, llb.Scratch(), "only")
	r := solve(t, shared(t), builder.Request{Definition: def, Contexts: contexts, Byproducts: []builder.Byproduct{
		{Name: "store", Definition: dir, Export: builder.Export{Kind: builder.Push, Refs: []string{"127.0.0.1:1/app/cache:store"}}},
	}})
	if len(r.Byproducts) != 1 || r.Byproducts[0].Err == nil || r.Byproducts[0].Digest != "" {
		t.Errorf("byproducts: %+v", r.Byproducts)
	}
}

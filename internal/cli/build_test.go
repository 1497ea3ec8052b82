package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
)

func TestImageNames(t *testing.T) {
	tests := []struct {
		name string
		own  string
		more []string
		dir  string
		want []string
	}{
		{"of the directory", "", nil, "/src/My App", []string{"index.docker.io/library/my-app:latest"}},
		{"of a directory that gives none", "", nil, "/src/+", []string{"index.docker.io/library/app:latest"}},
		{"own", "shop", nil, "/src/x", []string{"index.docker.io/library/shop:latest"}},
		{"own first, then tags in order", "shop:2", []string{"ghcr.io/me/shop:b", "ghcr.io/me/shop:a"}, "/src/x",
			[]string{"index.docker.io/library/shop:2", "ghcr.io/me/shop:b", "ghcr.io/me/shop:a"}},
		{"tags alone", "", []string{"127.0.0.1:5000/shop"}, "/src/x", []string{"127.0.0.1:5000/shop:latest"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := imageNames(tt.own, tt.more, tt.dir)
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("got %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	got, err := labels([]string{"a=1", "b=", "c=x=y z", "a=2"})
	if diff := cmp.Diff(map[string]string{"a": "2", "b": "", "c": "x=y z"}, got); err != nil || diff != "" {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"", "a", "=1"} {
		if _, err := labels([]string{bad}); fault.Status(err) != fault.Misuse {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestOutputs(t *testing.T) {
	var stdout bytes.Buffer
	p := &program{Process: Process{Dir: "/job", Stdout: &stdout}}
	for spec, want := range map[string]builder.Export{
		"type=oci,dest=app.tar":       {Kind: builder.OCI, Dest: "/job/app.tar"},
		"dest=/tmp/a=b,type=docker":   {Kind: builder.Docker, Dest: "/tmp/a=b"},
		"type=local,dest=out":         {Kind: builder.Local, Dest: "/job/out"},
		"type=tar,dest=-":             {Kind: builder.Tar, Output: &stdout},
		"type=tar,type=oci,dest=./a/": {Kind: builder.OCI, Dest: "/job/a"},
	} {
		got, err := p.output(spec)
		equal := cmp.Comparer(func(a, b *bytes.Buffer) bool { return a == b })
		if diff := cmp.Diff(want, got, equal); err != nil || diff != "" {
			t.Errorf("%s: got %v (-want +got):\n%s", spec, err, diff)
		}
	}
	for _, spec := range []string{
		"", "oci", "type=", "type=oci", "dest=a", "type=oci,dest=", "type=zip,dest=a", "type=image,dest=a", "type=push,dest=a", "type=OCI,dest=a",
		"type=local,dest=-", "type=oci,dest=a,name=b", "type=oci,dest=a,", "type=oci, dest=a",
	} {
		if got, err := p.output(spec); fault.Status(err) != fault.Misuse {
			t.Errorf("%q: got %+v, %v", spec, got, err)
		}
	}
}

func TestDestinations(t *testing.T) {
	const name = "index.docker.io/library/app:latest"
	refs := []string{name}
	load := builder.Export{Kind: builder.Load, Refs: refs, Engine: builder.Engine{Host: "tcp://engine.example:1"}}
	file := builder.Export{Kind: builder.OCI, Dest: "/job/a.tar", Refs: refs}
	for title, tt := range map[string]struct {
		flags   buildFlags
		push    bool
		exports []builder.Export
	}{
		"an engine takes the image":         {buildFlags{}, false, []builder.Export{load}},
		"unless it is pushed":               {buildFlags{push: true}, true, nil},
		"or written":                        {buildFlags{outputs: []string{"type=oci,dest=a.tar"}}, false, []builder.Export{file}},
		"all of them, if that is said":      {buildFlags{push: true, load: true, outputs: []string{"type=oci,dest=a.tar"}}, true, []builder.Export{file, load}},
		"loading alone is the same as that": {buildFlags{load: true}, false, []builder.Export{load}},
	} {
		t.Run(title, func(t *testing.T) {
			var stderr bytes.Buffer
			p := &program{Process: Process{Dir: "/job", Environ: []string{"DOCKER_HOST=tcp://engine.example:1"}, Stderr: &stderr}}
			out, err := p.destinations(tt.flags, refs)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.exports, out.Exports, cmpopts.EquateEmpty()); diff != "" || out.Push != tt.push || stderr.Len() > 0 {
				t.Errorf("push %t, said %q, exports (-want +got):\n%s", out.Push, &stderr, diff)
			}
			names, err := imageNames("", nil, "/src/app")
			if diff := cmp.Diff(refs, names); diff != "" || err != nil {
				t.Errorf("names differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBuiltSaysWhereTheImageIs(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{Process: Process{Stderr: &stderr}}
	to := build.Output{Push: true, Exports: []builder.Export{
		{Kind: builder.Load}, {Kind: builder.OCI, Dest: "/job/a.tar"}, {Kind: builder.Tar, Output: &bytes.Buffer{}},
	}}
	out := build.Outcome{Names: []string{"r.example/a:1", "r.example/a:2"}, Pushed: true, Duration: 2500 * time.Millisecond, Result: builder.Result{Digest: "sha256:0", Steps: []builder.Step{
		{InGraph: true, Cached: true}, {InGraph: true}, {Cached: true},
	}}}
	p.built(to, out)
	want := `built: 1 of 2 steps cached, 2.5 s
loaded: r.example/a:1, r.example/a:2; run it: docker run --rm -it -e PORT=3000 -p 3000:3000 r.example/a:1
wrote: /job/a.tar
pushed: r.example/a:1, r.example/a:2 as sha256:0
`
	if diff := cmp.Diff(want, stderr.String()); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

func TestOutIsConfinedToItsDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := openOut(filepath.Join(dir, "file")); fault.Status(err) != fault.Misuse {
		t.Errorf("a file: got %v", err)
	}
	root, err := openOut(filepath.Join(dir, "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := os.Symlink(dir, filepath.Join(dir, "a", "b", "link")); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile("link/file", []byte("changed"), 0o644); err == nil {
		t.Error("a link leads what is written out of the directory")
	}
}

package builder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session/filesync"
)

// outputs are the exports of a build, on this side.
type outputs struct {
	entries []client.ExportEntry
	files   []*atomicFile
	loads   []*load
}

// prepareExports checks the exports. Pushes come last: the daemon's answer holds one digest, the digest of the last export, and the
// archive for a Docker engine may have another one.
func (c *Conn) prepareExports(ctx context.Context, exports []Export) (*outputs, error) {
	o := &outputs{}
	sorted := slices.Clone(exports)
	slices.SortStableFunc(sorted, func(a, b Export) int {
		switch {
		case (a.Kind == Push) == (b.Kind == Push):
			return 0
		case a.Kind == Push:
			return 1
		}
		return -1
	})
	for _, e := range sorted {
		entry, err := o.prepare(ctx, c, e)
		if err != nil {
			return nil, fmt.Errorf("preparing the export %q: %w", e.Kind, err)
		}
		o.entries = append(o.entries, entry)
	}
	return o, nil
}

func (o *outputs) prepare(ctx context.Context, c *Conn, e Export) (client.ExportEntry, error) {
	entry := client.ExportEntry{Attrs: maps.Clone(e.Attrs)}
	if entry.Attrs == nil {
		entry.Attrs = map[string]string{}
	}
	for _, ref := range e.Refs {
		if _, err := reference.ParseNormalizedNamed(ref); err != nil || strings.Contains(ref, ",") {
			return entry, fmt.Errorf("%q is not an image reference", ref)
		}
	}
	if len(e.Refs) > 0 {
		entry.Attrs["name"] = strings.Join(e.Refs, ",")
	}
	if e.Attest {
		entry.Attrs[inlineAttestations] = "true"
	}
	switch e.Kind {
	case Push:
		if len(e.Refs) == 0 {
			return entry, errors.New("it needs the image's name")
		}
		entry.Type = client.ExporterImage
		entry.Attrs["push"] = "true"
		if e.Insecure || slices.ContainsFunc(e.Refs, c.isInsecure) {
			entry.Attrs["registry.insecure"] = "true"
		}
		return entry, nil
	case inEngine:
		entry.Type = inEngine
		return entry, nil
	case Local:
		if e.Dest == "" {
			return entry, errors.New("it needs a directory")
		}
		delete(entry.Attrs, "name")
		entry.Type, entry.OutputDir = client.ExporterLocal, e.Dest
		return entry, nil
	case Layout:
		if e.Dest == "" {
			return entry, errors.New("it needs a directory")
		}
		entry.Type, entry.OutputDir, entry.Attrs["tar"] = client.ExporterOCI, e.Dest, "false"
		return entry, nil
	case Load:
		l, err := newLoad(ctx, e.Engine)
		if err != nil {
			return entry, err
		}
		o.loads = append(o.loads, l)
		entry.Type, entry.Output = client.ExporterDocker, l.open
		return entry, nil
	case OCI, Docker, Tar:
		entry.Type = e.Kind
		if e.Kind == Tar {
			delete(entry.Attrs, "name")
		}
		var err error
		entry.Output, err = o.file(e)
		return entry, err
	}
	return entry, errors.New("there is no such kind; use push, oci, layout, docker, tar, local or load")
}

func (o *outputs) file(e Export) (filesync.FileOutputFunc, error) {
	if e.Output != nil {
		return func(map[string]string) (io.WriteCloser, error) { return unclosed{e.Output}, nil }, nil
	}
	if e.Dest == "" {
		return nil, errors.New("it needs a file")
	}
	f := &atomicFile{dest: e.Dest}
	o.files = append(o.files, f)
	return f.open, nil
}

// commit moves the files to their names, and ends the loads.
func (o *outputs) commit() error {
	for _, f := range o.files {
		if err := f.commit(); err != nil {
			return err
		}
	}
	return o.engineError()
}

// abort removes files that are not committed.
func (o *outputs) abort() {
	for _, f := range o.files {
		f.abort()
	}
	for _, l := range o.loads {
		l.abort()
	}
}

func (o *outputs) engineError() error {
	for _, l := range o.loads {
		if err := l.failure(); err != nil {
			return err
		}
	}
	return nil
}

// unclosed is a writer that stays open, such as standard output.
type unclosed struct{ io.Writer }

// Close implements io.Closer.
func (unclosed) Close() error { return nil }

// An atomicFile appears under its name only when it is complete.
type atomicFile struct {
	dest string
	tmp  *os.File
}

func (f *atomicFile) open(map[string]string) (io.WriteCloser, error) {
	tmp, err := os.CreateTemp(filepath.Dir(f.dest), "."+filepath.Base(f.dest)+".*")
	if err != nil {
		return nil, err
	}
	f.tmp = tmp
	return tmp, nil
}

func (f *atomicFile) commit() error {
	if f.tmp == nil {
		return fmt.Errorf("writing %s: the builder sent nothing", f.dest)
	}
	// The daemon's stream has closed it; a mode as of a file made the usual way.
	err := os.Chmod(f.tmp.Name(), 0o644)
	if err == nil {
		err = os.Rename(f.tmp.Name(), f.dest)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.dest, err)
	}
	f.tmp = nil
	return nil
}

func (f *atomicFile) abort() {
	if f.tmp != nil {
		_ = f.tmp.Close()
		_ = os.Remove(f.tmp.Name())
		f.tmp = nil
	}
}

// isInsecure reports whether the registry of a reference is in the list of the options. For loopback ones, the daemon knows.
func (c *Conn) isInsecure(ref string) bool {
	named, err := reference.ParseNormalizedNamed(ref)
	return err == nil && slices.Contains(c.insecure, reference.Domain(named))
}

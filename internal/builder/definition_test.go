package builder_test

import (
	"context"
	"errors"
	"testing"

	"github.com/moby/buildkit/client/llb"
)

func marshal(t *testing.T, s llb.State) *llb.Definition {
	t.Helper()
	def, err := s.Marshal(context.Background(), llb.LinuxAmd64, llb.LocalUniqueID("test"))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// copied is a file system with all of a context.
func copied(name string) llb.State {
	return llb.Scratch().File(llb.Copy(llb.Local(name), "/", "/"), llb.WithCustomName("copy"))
}

// file is a definition that needs no program.
func file(t *testing.T, path, content string) *llb.Definition {
	t.Helper()
	return marshal(t, llb.Scratch().File(llb.Mkfile(path, 0o644, []byte(content)), llb.WithCustomName("file")))
}

func exitStatus(err error) int {
	var s interface{ ExitStatus() int }
	if errors.As(err, &s) {
		return s.ExitStatus()
	}
	return 0
}

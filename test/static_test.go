package test

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestTheStaticServerIsOfTheStandardLibrary(t *testing.T) {
	imports := sourceImports(t)
	for _, pkg := range []string{"cmd/npx-static", "internal/static", "internal/fault"} {
		for _, name := range imports[pkg] {
			if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") && !strings.HasPrefix(name, module) {
				t.Errorf("%s imports %s", pkg, name)
			}
		}
	}
}

// maxStatic is the size in bytes that npx-static adds to an image at most.
const maxStatic = 6_000_000

// TestTheStaticServerIsSmall builds npx-static with the flags of the Makefile.
func TestTheStaticServerIsSmall(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`(?m)^STATIC_TAGS = (\S+)$`).FindSubmatch(makefile)
	if tags == nil || !bytes.Contains(makefile, []byte("\nSTATIC_BUILD = CGO_ENABLED=0 go build -trimpath -tags $(STATIC_TAGS) -ldflags '$(STATIC_LINK)'\n")) {
		t.Fatal("the Makefile does not build npx-static")
	}
	name := filepath.Join(t.TempDir(), "npx-static")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", string(tags[1]), "-ldflags", "-s -w", "-o", name, "../cmd/npx-static")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", info.Size())
	if info.Size() > maxStatic {
		t.Errorf("npx-static has %d bytes, and may have %d", info.Size(), maxStatic)
	}
	file, err := elf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("npx-static needs the libraries %q, %v", libraries, err)
	}
}

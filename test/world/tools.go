package world

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// toolFile is a tool as the mirror serves it: one directory, not compressed, as it stays on the machine. Equal files give equal bytes.
const toolFile = "tool.tar"

// toolSource makes a tool be made again when the way of making it changes.
//
//go:embed tools.go
var toolSource string

//go:embed rust-musl.sh
var rustMusl string

//go:embed python-release.sh
var pythonRelease string

//go:embed gcc.sh
var gccRelocation string

// scripts are what tools name.
var scripts = map[string]string{"": "", "rust-musl.sh": rustMusl, "python-release.sh": pythonRelease, "gcc.sh": gccRelocation}

// A tool says how a toolchain is put together; nix/nixpkgs/tools.json lists all of them. At least one of NPM, PyPI, Go,
// Main and Debian is set.
type tool struct {
	Version string            `json:"version"`
	SHA256  string            `json:"sha256"` // of the toolFile, of a tool that plans can take as a release; "" for the others
	NPM     []npmPackage      `json:"npm"`
	PyPI    []wheel           `json:"pypi"`
	Go      string            `json:"go"`     // module of a Go distribution
	Main    string            `json:"main"`   // Go program to build
	Debian  []string          `json:"debian"` // packages
	Copy    map[string]string `json:"copy"`   // pattern in the packages to directory in the tool
	Script  string            `json:"script"` // file of this directory, run with the root of the Debian system and that of the tool
	Links   map[string]string `json:"links"`  // symbolic links, to programs
}

// An npmPackage is unpacked into the directory To.
type npmPackage struct {
	Spec      string   `json:"spec"`      // name@version
	Integrity string   `json:"integrity"` // as in a lockfile; "" leaves it to npm, which compares with the registry's
	To        string   `json:"to"`
	Files     []string `json:"files"` // the ones to unpack; all if empty
}

// tool returns the cache directory with the toolFile of that name.
func (w *World) tool(ctx context.Context, name string) (string, error) {
	table, err := tools[tool]()
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	maps.Copy(table, w.offers)
	w.mu.Unlock()
	t, ok := table[name]
	if !ok {
		return "", fmt.Errorf("making %s: tools.json has no such tool", name)
	}
	row, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	return w.cache.piece(ctx, "tool-"+name, toolSource+debianSource+pypiSource+scripts[t.Script]+string(row), func(dir string) error {
		return w.makeTool(ctx, name, t, dir)
	})
}

// tools returns what tools.json has, by name.
func tools[T any]() (map[string]T, error) {
	data, err := nixFiles.ReadFile("nix/nixpkgs/tools.json")
	if err != nil {
		return nil, err
	}
	var table map[string]T
	if err := json.Unmarshal(data, &table); err != nil {
		return nil, fmt.Errorf("reading tools.json: %w", err)
	}
	return table, nil
}

func (w *World) makeTool(ctx context.Context, name string, t tool, dir string) error {
	work, err := os.MkdirTemp(dir, "work-")
	if err != nil {
		return err
	}
	root := filepath.Join(work, name)
	for _, d := range []string{"bin", "lib"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			return err
		}
	}
	for _, p := range t.NPM {
		if err := w.unpackNPM(ctx, p, work, root); err != nil {
			return err
		}
	}
	for _, p := range t.PyPI {
		if err := w.unpackWheel(ctx, p, work, root); err != nil {
			return err
		}
	}
	if t.Go != "" {
		err = w.unpackGo(ctx, t.Go, work, root)
	}
	if t.Main != "" {
		err = w.buildGo(ctx, t.Main, work, root)
	}
	if t.Debian != nil {
		err = w.unpackDebian(ctx, t, work, root)
	}
	if err == nil && t.Script != "" {
		err = w.runScript(ctx, t.Script, filepath.Join(work, debianDir), root)
	}
	if err != nil {
		return err
	}
	for link, target := range t.Links {
		if err := linkProgram(filepath.Join(root, link), target); err != nil {
			return err
		}
	}
	sum, err := pack(work, name, filepath.Join(dir, toolFile))
	if err != nil {
		return err
	}
	if t.SHA256 != "" && t.SHA256 != sum {
		return fmt.Errorf("packing %s: its sha256 is %s, and tools.json has %s", name, sum, t.SHA256)
	}
	return os.RemoveAll(work)
}

// pack writes a directory of root as a tar archive, whose bytes depend on the names of the files, their content and whether they may be run,
// and returns the SHA-256.
func pack(root, name, file string) (sum string, err error) {
	out, err := os.Create(file)
	if err != nil {
		return "", err
	}
	defer out.Close()
	hash := sha256.New()
	tw := tar.NewWriter(io.MultiWriter(out, hash))
	err = filepath.WalkDir(filepath.Join(root, name), func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return packFile(tw, root, path)
	})
	if err == nil {
		err = tw.Close()
	}
	return hex.EncodeToString(hash.Sum(nil)), err
}

func packFile(tw *tar.Writer, root, path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	header := &tar.Header{Name: name, Mode: 0o644, ModTime: time.Unix(1, 0)}
	if info.Mode()&0o111 != 0 {
		header.Mode = 0o755
	}
	switch {
	case info.IsDir():
		header.Typeflag, header.Name = tar.TypeDir, name+"/"
	case info.Mode().IsRegular():
		header.Size = info.Size()
	default:
		header.Typeflag = tar.TypeSymlink
		if header.Linkname, err = os.Readlink(path); err != nil {
			return err
		}
	}
	if err := tw.WriteHeader(header); err != nil || header.Size == 0 {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(tw, f)
	return err
}

// runScript is for what takes more than copying. It has compilers and the headers of C.
func (w *World) runScript(ctx context.Context, name string, args ...string) error {
	if err := install(ctx, w.cache, w.log, "g++"); err != nil {
		return err
	}
	_, err := runCommand(w.log, exec.CommandContext(ctx, "sh", append([]string{"-c", scripts[name], name}, args...)...))
	return err
}

// linkProgram makes a link to a program, which packages of scripts do not always mark as one.
func linkProgram(link, target string) error {
	if err := os.Symlink(target, link); err != nil {
		return err
	}
	return os.Chmod(link, 0o755)
}

func (w *World) unpackNPM(ctx context.Context, p npmPackage, work, root string) error {
	if err := install(ctx, w.cache, w.log, "npm"); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", p.Spec)
	cmd.Dir = work
	file, err := fetch(ctx, w.log, cmd, fetchPause)
	if err != nil {
		return err
	}
	file = filepath.Join(work, file)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha512.Sum512(data)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); p.Integrity != "" && got != p.Integrity {
		return fmt.Errorf("checking %s: got %s, want %s", p.Spec, got, p.Integrity)
	}
	to := filepath.Join(root, p.To)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	args := []string{"-xzf", file, "-C", to, "--strip-components=1", "--no-same-owner", "--wildcards"}
	for _, f := range p.Files {
		args = append(args, "*/"+f)
	}
	_, err = runCommand(w.log, exec.CommandContext(ctx, "tar", args...))
	return err
}

// unpackGo copies a Go distribution, less what only its own tests and documentation need.
func (w *World) unpackGo(ctx context.Context, module, work, root string) error {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = work
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := fetch(ctx, w.log, cmd, fetchPause)
	if err != nil {
		return err
	}
	var info struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &info); err != nil {
		return fmt.Errorf("reading the answer for %s: %w", module, err)
	}
	if err := copyGo(info.Dir, filepath.Join(root, "share", "go")); err != nil {
		return err
	}
	for _, program := range []string{"go", "gofmt"} {
		if err := linkProgram(filepath.Join(root, "bin", program), "../share/go/bin/"+program); err != nil {
			return err
		}
	}
	return nil
}

// copyGo copies what is needed to compile. A module has no modes, so the programs are told by where they are.
func copyGo(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" || slices.Contains([]string{"api", "doc", "misc", "test"}, name) {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "pkg/tool/") {
			mode = 0o755
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, mode)
	})
}

func (w *World) buildGo(ctx context.Context, program, work, root string) error {
	cmd := exec.CommandContext(ctx, "go", "install", "-trimpath", "-ldflags=-s -w", program)
	cmd.Dir = work
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0", "GOBIN="+filepath.Join(root, "bin"))
	_, err := fetch(ctx, w.log, cmd, fetchPause)
	return err
}

package world

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// closureSource makes a closure be made again when the way of making it changes.
//
//go:embed closure.go
var closureSource string

// A closure is the files of Debian packages and of all that these depend on, in their own layout, to be put anywhere:
// absolute symbolic links are made relative, the texts that the file texts lists have treeMark in front of the paths that lead to
// another file of the closure, and the file programs lists what is to find its libraries. Paths inside programs stay: who wraps
// them has to override those.
const (
	closureFile = "closure.tar"
	textList    = "texts"
	programList = "programs"
	treeMark    = "@tree@"
	largestText = 4 << 20 // bytes
)

var (
	closureName = regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]*(,[a-z0-9][a-z0-9+.-]*)*$`)
	pathInText  = regexp.MustCompile(`/(usr|etc)/[A-Za-z0-9._+/-]+`)
	pathByte    = regexp.MustCompile(`[A-Za-z0-9_.})/-]`)
)

// unneeded is what no program reads, and the package manager's own. The loader's libraries have to be the image's own.
var unneeded = []string{
	"usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/lintian", "usr/share/bug", "usr/share/zoneinfo",
	"usr/share/i18n", "usr/share/bash-completion", "usr/share/gdb", "usr/share/icons", "usr/share/fonts", "usr/share/javascript", "usr/lib/dpkg", "usr/lib/apt", "usr/lib/systemd",
	"usr/lib/x86_64-linux-gnu/gconv", "usr/lib/x86_64-linux-gnu/perl-base", "etc/alternatives", "etc/apt", "etc/init.d",
}

func (w *World) serveClosure(rw http.ResponseWriter, r *http.Request) {
	name, isTar := strings.CutSuffix(r.PathValue("file"), ".tar")
	if !isTar || !closureName.MatchString(name) {
		http.NotFound(rw, r)
		return
	}
	fmt.Fprintf(w.log, "mirror: Debian's %s\n", name)
	dir, err := w.closure(r.Context(), strings.Split(name, ","))
	if err != nil {
		fmt.Fprintf(w.log, "mirror: %v\n", err)
		http.Error(rw, err.Error(), http.StatusFailedDependency) // Nix would try a server error again
		return
	}
	http.ServeFile(rw, r, filepath.Join(dir, closureFile))
}

// closure returns the cache directory with the closureFile of the packages.
func (w *World) closure(ctx context.Context, packages []string) (string, error) {
	return w.cache.piece(ctx, "debian-"+packages[0], closureSource+strings.Join(packages, ","), func(dir string) error {
		work, err := os.MkdirTemp(dir, "work-")
		if err != nil {
			return err
		}
		root := filepath.Join(work, "closure")
		if err := debootstrap(ctx, w.log, root, "extract", append(slices.Clone(packages), "patchelf"), "--format=directory"); err != nil {
			return err
		}
		if err := tidyClosure(root); err != nil {
			return err
		}
		_, err = runCommand(w.log, exec.CommandContext(ctx, "tar", "--sort=name", "--mtime=@1", "--owner=0", "--group=0",
			"--numeric-owner", "--mode=u+w,a+rX", "-C", work, "-cf", filepath.Join(dir, closureFile),
			"closure/usr", "closure/etc", "closure/"+textList, "closure/"+programList))
		if err != nil {
			return err
		}
		return os.RemoveAll(work)
	})
}

// tidyClosure makes of a system's files what a closure is.
func tidyClosure(root string) error {
	for _, dir := range []string{"bin", "sbin", "lib"} {
		if err := mergeIntoUsr(root, dir); err != nil {
			return err
		}
	}
	for _, path := range unneeded {
		if err := os.RemoveAll(filepath.Join(root, path)); err != nil {
			return err
		}
	}
	for _, name := range libc {
		err := os.Remove(filepath.Join(root, "usr/lib/x86_64-linux-gnu", name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errors.Join(os.MkdirAll(filepath.Join(root, "etc"), 0o755), linkAlternatives(root), relocate(root))
}

// linkAlternatives links each library that a program needs and that lies only in a directory of its own, as the library BLAS does. On a system
// Debian's alternatives do so, and here no script of a package runs.
func linkAlternatives(root string) error {
	libraries := filepath.Join(root, "usr/lib/x86_64-linux-gnu")
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		for _, name := range needed(path) {
			if _, err := os.Lstat(filepath.Join(libraries, name)); err == nil || strings.ContainsAny(name, "/*?[\\") {
				continue
			}
			found, err := filepath.Glob(filepath.Join(libraries, "*", name))
			if err != nil || len(found) == 0 {
				continue
			}
			if err := os.Symlink(strings.TrimPrefix(found[0], libraries+"/"), filepath.Join(libraries, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// relocate makes a tree independent of where it lies, and writes the lists of what depends on it still.
func relocate(root string) error {
	var texts, programs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, root+"/")
		switch {
		case err != nil:
			return err
		case d.Type() == fs.ModeSymlink:
			return relativeLink(root, path)
		case !d.Type().IsRegular():
			return nil
		case len(needed(path)) > 0:
			programs = append(programs, name+"\n")
			return nil
		}
		marked, err := markPaths(root, path)
		if marked {
			texts = append(texts, name+"\n")
		}
		return err
	})
	if err != nil {
		return err
	}
	for name, list := range map[string][]string{textList: texts, programList: programs} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(strings.Join(list, "")), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// mergeIntoUsr moves a directory of the root to where it is on a merged system, if it is not one already.
func mergeIntoUsr(root, dir string) error {
	from := filepath.Join(root, dir)
	if info, err := os.Lstat(from); err != nil || !info.IsDir() {
		return nil
	}
	to := filepath.Join(root, "usr", dir)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	if out, err := exec.Command("cp", "-a", from+"/.", to).CombinedOutput(); err != nil {
		return fmt.Errorf("merging %s: %w\n%s", dir, err, out)
	}
	return os.RemoveAll(from)
}

// relativeLink makes an absolute link relative.
func relativeLink(root, path string) error {
	target, err := os.Readlink(path)
	if err != nil || !filepath.IsAbs(target) {
		return err
	}
	relative, err := filepath.Rel(filepath.Dir(path), filepath.Join(root, target))
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Symlink(relative, path)
}

// markPaths puts treeMark in front of the paths in a text that lead to files of the closure, and reports whether there are any.
func markPaths(root, path string) (bool, error) {
	if info, err := os.Stat(path); err != nil || info.Size() > largestText {
		return false, err
	}
	text, err := os.ReadFile(path)
	if err != nil || bytes.IndexByte(text, 0) >= 0 {
		return false, err
	}
	var out []byte
	end := 0
	for _, at := range pathInText.FindAllIndex(text, -1) {
		if at[0] > 0 && pathByte.Match(text[at[0]-1:at[0]]) || !leadsInto(root, string(text[at[0]:at[1]])) {
			continue
		}
		out = append(append(out, text[end:at[0]]...), treeMark...)
		end = at[0]
	}
	if end == 0 && out == nil {
		return false, nil
	}
	return true, os.WriteFile(path, append(out, text[end:]...), 0o644)
}

// leadsInto reports whether a path, or the directory that a pattern or a variable after it is in, is one of the closure. The
// directories that every system has do not count: with a variable after them they may be meant to lead to the system.
func leadsInto(root, path string) bool {
	path = strings.TrimRight(path, ".")
	if _, err := os.Lstat(filepath.Join(root, path)); err != nil {
		path = filepath.Dir(path)
	}
	path = filepath.Clean(path)
	if strings.Count(path, "/") < 3 && !strings.HasPrefix(path, "/etc/") || path == "/usr/lib/x86_64-linux-gnu" {
		return false
	}
	_, err := os.Lstat(filepath.Join(root, path))
	return err == nil
}

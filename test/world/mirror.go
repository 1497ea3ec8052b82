package world

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing/fstest"
	"time"
)

// nixFiles are the sources of the archives: nix/nixpkgs, and nix/overlays/OWNER/REPO.
//
//go:embed nix
var nixFiles embed.FS

// mirrorMark stands in the archives for the address of the mirror.
const mirrorMark = "@mirror@"

// startMirror serves the archives, and the tools that they fetch.
func (w *World) startMirror() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("starting the Nix mirror: %w", err)
	}
	w.NixMirror = "http://" + l.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{owner}/{repo}/archive/{ref...}", w.serveArchive)
	mux.HandleFunc("GET /tools/{file}", w.serveTool)
	mux.HandleFunc("GET /static/{program}", w.serveStatic)
	mux.HandleFunc("GET /debian/{file}", w.serveClosure)
	mux.HandleFunc("GET /maven/{artifact}", w.serveMaven)
	mux.HandleFunc("GET /node/{version}/{file}", w.serveHeaders)
	mux.HandleFunc("GET /npm/{spec}", w.serveNPM)
	mux.HandleFunc("GET /npm/{scope}/{spec}", w.serveNPM)
	counting := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(servedWriter{rw, &w.served}, r)
	})
	server := &http.Server{Handler: counting, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	w.onClose(server.Close)
	return nil
}

// Served is how many bytes the Nix mirror has sent as contents.
func (w *World) Served() int64 { return w.served.Load() }

type servedWriter struct {
	http.ResponseWriter
	n *atomic.Int64
}

// Write implements io.Writer.
func (s servedWriter) Write(p []byte) (int, error) {
	n, err := s.ResponseWriter.Write(p)
	s.n.Add(int64(n))
	return n, err
}

func (w *World) serveArchive(rw http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w.log, "mirror: %s\n", r.URL.Path)
	owner, repo := r.PathValue("owner"), r.PathValue("repo")
	dir := path.Join("nix/overlays", owner, repo)
	if owner+"/"+repo == "NixOS/nixpkgs" {
		dir = "nix/nixpkgs"
	}
	ref, isArchive := strings.CutSuffix(r.PathValue("ref"), ".tar.gz")
	sub, err := fs.Sub(nixFiles, dir)
	if err != nil || !isArchive || !exists(sub, "default.nix") {
		http.NotFound(rw, r)
		return
	}
	files, err := pointed(sub, "http://"+r.Host)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	data, err := archive(files, repo+"-"+path.Base(ref))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "application/gzip")
	_, _ = rw.Write(data)
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// pointed are the files, which point to the mirror.
func pointed(fsys fs.FS, mirror string) (fs.FS, error) {
	files := fstest.MapFS{}
	return files, fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		files[name] = &fstest.MapFile{Data: bytes.ReplaceAll(data, []byte(mirrorMark), []byte(mirror))}
		return err
	})
}

// archive packs the files below one directory of that name, as Git hosts do.
func archive(fsys fs.FS, top string) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	tw := tar.NewWriter(zw)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		header := &tar.Header{Name: path.Join(top, name), Mode: 0o644, ModTime: time.Unix(1, 0)}
		if d.IsDir() {
			header.Name, header.Mode, header.Typeflag = header.Name+"/", 0o755, tar.TypeDir
			return tw.WriteHeader(header)
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		header.Size = int64(len(data))
		if err := tw.WriteHeader(header); err != nil {
			return err
		}
		_, err = tw.Write(data)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := tw.Close(); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (w *World) serveTool(rw http.ResponseWriter, r *http.Request) {
	name, _ := strings.CutSuffix(r.PathValue("file"), ".tar")
	fmt.Fprintf(w.log, "mirror: tool %s\n", name)
	dir, err := w.tool(r.Context(), name)
	if err != nil {
		fmt.Fprintf(w.log, "mirror: %v\n", err)
		http.Error(rw, err.Error(), http.StatusFailedDependency) // Nix would try a server error again
		return
	}
	http.ServeFile(rw, r, filepath.Join(dir, toolFile))
}

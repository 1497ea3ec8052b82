package world

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// moveTool writes the archive of a tool anew, with the tool's files in another directory, as a layer of an image.
func moveTool(from, file, to string) (v1.Layer, error) {
	in, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	zw, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	tw := tar.NewWriter(zw)
	if err := moveEntries(tw, tar.NewReader(in), to); err != nil {
		return nil, err
	}
	if err := errors.Join(tw.Close(), zw.Close(), out.Close()); err != nil {
		return nil, err
	}
	return tarball.LayerFromFile(file)
}

// moveEntries copies entries; the first element of each name becomes to.
func moveEntries(tw *tar.Writer, tr *tar.Reader, to string) error {
	for {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, name, _ := strings.Cut(header.Name, "/")
		if name == "" {
			continue
		}
		header.Name = to + name
		if err := tw.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.Copy(tw, tr); err != nil {
			return err
		}
	}
}

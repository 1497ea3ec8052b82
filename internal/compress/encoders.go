// Package compress makes in a build what npx-static sends: compressed files beside those of a folder.
//
// It is a program of its own, because its encoders are larger than a server may be that images hold.
package compress

import (
	"compress/gzip"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/org/npx-action/internal/static"
)

// The best level of Brotli takes two seconds for a megabyte, and saves a tenth more than the best fast one. So it is for files that browsers
// ask for once, up to a size in bytes.
const (
	bestBrotli = 1 << 20
	fastBrotli = 9
)

// zstdWindow is the largest in bytes that browsers take (RFC 9659).
const zstdWindow = 8 << 20

// encoders give equal bytes for equal bytes: each works alone, without a clock.
var encoders = []static.Encoder{
	{Suffix: ".br", New: func(w io.Writer, text static.Text) (io.WriteCloser, error) {
		if text.Kept && text.Size <= bestBrotli {
			return brotli.NewWriterLevel(w, brotli.BestCompression), nil
		}
		return brotli.NewWriterLevel(w, fastBrotli), nil
	}},
	{Suffix: ".zst", New: func(w io.Writer, _ static.Text) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
	}},
	{Suffix: ".gz", New: func(w io.Writer, _ static.Text) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}},
}

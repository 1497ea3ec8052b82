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

// bestBrotli is the size in bytes up to which a file gets the best level of Brotli, which takes a second or two for it. Larger files get the
// best level that is fast.
const (
	bestBrotli  = 1 << 20
	brotliLevel = 9
)

// zstdWindow is the largest in bytes that browsers take (RFC 9659).
const zstdWindow = 8 << 20

// encoders give equal bytes for equal bytes: each works alone, without a clock.
var encoders = []static.Encoder{
	{Suffix: ".br", New: func(w io.Writer, size int64) (io.WriteCloser, error) {
		if size > bestBrotli {
			return brotli.NewWriterLevel(w, brotliLevel), nil
		}
		return brotli.NewWriterLevel(w, brotli.BestCompression), nil
	}},
	{Suffix: ".zst", New: func(w io.Writer, _ int64) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
	}},
	{Suffix: ".gz", New: func(w io.Writer, _ int64) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}},
}

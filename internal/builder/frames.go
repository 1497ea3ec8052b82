package builder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/api/pkg/stdcopy"
)

// A frameReader reads the HTTP/2 that a program in a container writes to its standard output. What it writes to its standard error is the
// error that takes the place of the end. The library's stdcopy drops what an engine says without a frame, which is why the program does not start.
type frameReader struct {
	from  io.Reader
	left  int64 // of the frame
	begun bool
	said  []byte
}

// maxSaid bounds the text of errors.
const maxSaid = 4 << 10

func newFrameReader(from io.Reader) *frameReader { return &frameReader{from: from} }

// Read implements io.Reader.
func (r *frameReader) Read(p []byte) (int, error) {
	for r.left == 0 {
		var header [8]byte
		if _, err := io.ReadFull(r.from, header[:]); err != nil {
			return 0, r.end(err)
		}
		size := int64(binary.BigEndian.Uint32(header[4:]))
		switch stdcopy.StdType(header[0]) {
		case stdcopy.Stdout:
			r.left = size
		case stdcopy.Stderr:
			text, err := io.ReadAll(io.LimitReader(r.from, min(size, maxSaid-int64(len(r.said)))))
			r.said = append(r.said, text...)
			if err == nil {
				_, err = io.CopyN(io.Discard, r.from, size-int64(len(text)))
			}
			if err != nil {
				return 0, r.end(err)
			}
		default:
			// What the engine itself says has no frame.
			rest, _ := io.ReadAll(io.LimitReader(r.from, maxSaid))
			return 0, errors.New(strings.TrimSpace(string(header[:]) + string(rest)))
		}
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	// HTTP/2 begins with a short frame, and so with a zero. An engine that cannot start the program says so in its stead.
	if n > 0 && !r.begun && p[0] != 0 {
		rest, _ := io.ReadAll(io.LimitReader(r.from, min(r.left, maxSaid)))
		return 0, errors.New(strings.TrimSpace(string(p[:n]) + string(rest)))
	}
	r.begun = r.begun || n > 0
	return n, err
}

func (r *frameReader) end(err error) error {
	if text := strings.TrimSpace(string(r.said)); text != "" {
		return fmt.Errorf("%s", text)
	}
	return err
}

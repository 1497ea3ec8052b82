package graph

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is a file with the headers of a program of 64 bits, whose segments are of the given kinds. One of kind 3 names a loader.
func program(kinds ...uint32) []byte {
	const header, segment = 64, 56
	const loader = "/lib64/ld-linux-x86-64.so.2\x00"
	file := make([]byte, header+segment*len(kinds)+len(loader))
	copy(file, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint64(file[32:], header)
	binary.LittleEndian.PutUint16(file[54:], segment)
	binary.LittleEndian.PutUint16(file[56:], uint16(len(kinds)))
	end := header + segment*len(kinds)
	copy(file[end:], loader)
	for i, kind := range kinds {
		at := file[header+i*segment:]
		binary.LittleEndian.PutUint32(at, kind)
		binary.LittleEndian.PutUint64(at[8:], uint64(end))
		binary.LittleEndian.PutUint64(at[32:], uint64(len(loader)))
	}
	return file
}

func TestTheStaticBaseRefusesAProgramThatIsNotStatic(t *testing.T) {
	for name, tt := range map[string]struct {
		content []byte
		want    string // of the message, "" if the program is static
	}{
		"static":            {program(1, 1, 4), ""},
		"no segments":       {program(), ""},
		"dynamic":           {program(6, 3, 1), "loads libraries by /lib64/ld-linux-x86-64.so.2, and the static base has no such thing"},
		"a script":          {[]byte("#!/bin/sh\nexec x\n"), "is no program but a file that a shell reads"},
		"an empty file":     {nil, "is no program"},
		"the build made it": {[]byte("-"), "the build made no "},
	} {
		file := filepath.Join(t.TempDir(), "a program")
		if string(tt.content) != "-" {
			if err := os.WriteFile(file, tt.content, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		out, err := exec.CommandContext(t.Context(), "bash", "-o", "pipefail", "-c", fmt.Sprintf(linked, "'"+file+"'")).CombinedOutput()
		if (err == nil) != (tt.want == "") || !strings.Contains(string(out), tt.want) || tt.want == "" && len(out) > 0 {
			t.Errorf("%s: %v, %q, want %q", name, err, out, tt.want)
		}
	}
}

package nar

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// TestHash has the hash of an empty directory that many packages of nixpkgs name, and one that another program has computed.
func TestHash(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"nothing", fstest.MapFS{}, "sha256-pQpattmS9VmO3ZIQUFn66az8GSmB4IvYhTTCFn6SUmo="},
		{"files", fstest.MapFS{"b/run": {Data: []byte("#!/bin/sh\n"), Mode: 0o755}, "b.txt": {Data: []byte("12345678")}, "a": {}}, "sha256-HpebVtkkvbYP8Oe4LVLLv0Lj1cs5BhFywbOMyJpx4OU="},
	} {
		if got, err := Hash(tt.files); got != tt.want || err != nil {
			t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
	if _, err := Hash(fstest.MapFS{"link": {Mode: fs.ModeSymlink, Data: []byte("a")}}); err == nil || err.Error() != "hashing link: it is neither a file nor a directory" {
		t.Errorf("a link: %v", err)
	}
}

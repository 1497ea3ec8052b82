package bench

import (
	"io"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// auth is the login for the images.
func (s *stage) auth() authn.Authenticator {
	if !s.login {
		return authn.Anonymous
	}
	return &authn.Basic{Username: jobUser, Password: jobToken}
}

// size is that of an image's layers, in bytes.
type size struct{ compressed, unpacked int64 }

// size reads an image from the registry, past the counter.
func (s *stage) size(b *testing.B, image string) size {
	b.Helper()
	ref, err := name.ParseReference(s.past(image))
	if err != nil {
		b.Fatal(err)
	}
	img, err := remote.Image(ref, remote.WithContext(b.Context()), remote.WithAuth(s.auth()))
	if err != nil {
		b.Fatal(err)
	}
	layers, err := img.Layers()
	if err != nil {
		b.Fatal(err)
	}
	var out size
	for _, l := range layers {
		n, err := l.Size()
		if err != nil {
			b.Fatal(err)
		}
		out.compressed += n
		content, err := l.Uncompressed()
		if err != nil {
			b.Fatal(err)
		}
		n, err = io.Copy(io.Discard, content)
		content.Close()
		if err != nil {
			b.Fatal(err)
		}
		out.unpacked += n
	}
	return out
}

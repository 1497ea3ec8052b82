package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// A Promotion gives an image that exists further names. Its layers stay what and where they are; the labels and the
// annotations, which tell of the run and not of the content, become this run's.
type Promotion struct {
	From string   // the image or index; no mirror is asked
	To   []string // references with tags; where a repository lacks a layer, it is mounted or copied

	ByDigest bool // give it no tags: only the repositories of To count

	// Configs are the configurations that a build would give to the image of each platform. An image that differs from them in
	// more than labels is not what a build would give.
	Configs [][]byte

	Annotations      map[string]string // of each image's manifest
	IndexAnnotations map[string]string // of the index, where there is one

	// Restate returns what the predicate of an attestation becomes in this run; earlier is the digest of the image that it was about. Nil
	// leaves predicates as they are.
	Restate func(predicateType string, predicate []byte, earlier string) ([]byte, error)
}

// Promoted is what has the names now.
type Promoted struct {
	Digest       string // of the manifest or index
	ConfigDigest string // "" for an index
}

// UnpromotableError says why an image has to be built: nothing was written.
type UnpromotableError struct {
	Ref    string
	Absent bool // there is none, which is no trouble
	Found  bool // there is one; else the look-up has failed, or there is none
	Err    error
}

// Error names the reference and the cause.
func (e *UnpromotableError) Error() string {
	return fmt.Sprintf("promoting %s: %v", e.Ref, e.Err)
}

// Unwrap returns the cause.
func (e *UnpromotableError) Unwrap() error { return e.Err }

// Promote writes a promotion, one tag after the other. It returns an [*UnpromotableError] if the image is absent, is not what a
// build would give, or cannot be read; other errors are about the writing. A tag is either what it was or complete.
func (c *Client) Promote(ctx context.Context, p Promotion) (Promoted, error) {
	from, err := c.parse(p.From)
	if err != nil {
		return Promoted{}, err
	}
	stored, err := remote.Get(from, c.options(ctx, from.Context().Registry)...)
	if err != nil {
		err = c.classify(ctx, from, "read", err)
		_, absent := errors.AsType[*NotFoundError](err)
		return Promoted{}, c.unpromotable(ctx, UnpromotableError{Ref: p.From, Absent: absent, Err: err})
	}
	described, config, err := describeAgain(stored, p)
	if err != nil {
		return Promoted{}, c.unpromotable(ctx, UnpromotableError{Ref: p.From, Found: true, Err: c.classify(ctx, from, "read", err)})
	}
	digest, err := described.Digest()
	if err != nil {
		return Promoted{}, c.unpromotable(ctx, UnpromotableError{Ref: p.From, Found: true, Err: err})
	}
	pushers := map[name.Registry]*remote.Pusher{}
	for _, to := range p.To {
		ref, err := c.parse(to)
		if err != nil {
			return Promoted{}, err
		}
		if p.ByDigest {
			ref = ref.Context().Digest(digest.String())
		}
		host := ref.Context().Registry
		if pushers[host] == nil {
			if pushers[host], err = remote.NewPusher(c.options(ctx, host)...); err != nil {
				return Promoted{}, err
			}
		}
		if err := pushers[host].Push(ctx, ref, described); err != nil {
			if blobIsGone(err) {
				return Promoted{}, c.unpromotable(ctx, UnpromotableError{Ref: p.From, Found: true, Err: errors.New("the registry has lost a part of it")})
			}
			return Promoted{}, c.refused(ctx, ref, digest.String(), err)
		}
	}
	return Promoted{Digest: digest.String(), ConfigDigest: config}, nil
}

// unpromotable is the error of an image that cannot be read, unless the caller gave up.
func (c *Client) unpromotable(ctx context.Context, err UnpromotableError) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &err
}

// blobIsGone reports whether a push failed for what it was to be made of: a layer that could not be read, or that the registry
// misses when it takes the manifest.
func blobIsGone(err error) bool {
	t, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return false
	}
	for _, d := range t.Errors {
		if d.Code == transport.ManifestBlobUnknownErrorCode || d.Code == transport.BlobUnknownErrorCode {
			return true
		}
	}
	return t.StatusCode == http.StatusNotFound && t.Request != nil && t.Request.Method == http.MethodGet &&
		strings.Contains(t.Request.URL.Path, "/blobs/")
}

// ImmutableError says that a tag is another image already, and that the registry does not let it become this one.
type ImmutableError struct {
	Ref     string
	Have    string // the digest that the tag stays at
	Message string // of the registry, may be empty
}

// Error names the tag, with a hint.
func (e *ImmutableError) Error() string {
	return fmt.Sprintf("writing %s: its registry lets no tag be overwritten, and this one is %s already%s; give the image another tag", e.Ref, e.Have, colon(e.Message))
}

// ExitStatus is 1.
func (*ImmutableError) ExitStatus() int { return 1 }

// refused is classify for the writing of a tag. Registries have no common answer for a tag that is immutable; but where one
// refuses to write a tag that is something else already, and is not short of rights, there is no other reason.
func (c *Client) refused(ctx context.Context, ref name.Reference, digest string, err error) error {
	t, ok := errors.AsType[*transport.Error](err)
	if !ok || t.StatusCode < 400 || t.StatusCode >= 500 {
		return c.classify(ctx, ref, "write", err)
	}
	switch t.StatusCode {
	case http.StatusUnauthorized, http.StatusNotFound, http.StatusTooManyRequests, http.StatusRequestTimeout:
		return c.classify(ctx, ref, "write", err)
	case http.StatusForbidden:
		if text := strings.ToLower(message(t)); !strings.Contains(text, "immutab") && !strings.Contains(text, "overwrit") {
			return c.classify(ctx, ref, "write", err)
		}
	}
	if found, have, herr := c.Exists(ctx, ref.String()); herr == nil && found && have != digest {
		return &ImmutableError{Ref: familiar(ref.Context()) + separator(ref) + ref.Identifier(), Have: have, Message: message(t)}
	}
	return c.classify(ctx, ref, "write", err)
}

// A describable is what can be pushed and has a digest.
type describable interface {
	remote.Taggable
	Digest() (v1.Hash, error)
}

// describeAgain is what is stored with the labels and annotations of a promotion, and the digest of its configuration.
func describeAgain(stored *remote.Descriptor, p Promotion) (describable, string, error) {
	switch {
	case stored.MediaType.IsIndex():
		index, err := stored.ImageIndex()
		if err != nil {
			return nil, "", err
		}
		again, err := relabelIndex(index, p)
		return again, "", err
	case stored.MediaType.IsImage():
		img, err := stored.Image()
		if err != nil {
			return nil, "", err
		}
		again, err := relabel(img, p)
		if err != nil {
			return nil, "", err
		}
		config, err := again.ConfigName()
		return again, config.String(), err
	}
	return nil, "", fmt.Errorf("it is a %s and not an image", stored.MediaType)
}

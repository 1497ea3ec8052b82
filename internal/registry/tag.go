package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Tag gives the image or index digestRef, host/path@digest, further tags in its own repository, in the order given.
// No layer moves. A tag that already is that digest is left alone, so that registries with immutable tags do not refuse.
func (c *Client) Tag(ctx context.Context, digestRef string, tags ...string) error {
	r, err := c.parse(digestRef)
	if err != nil {
		return err
	}
	desc, err := remote.Get(r, c.options(ctx)...)
	if err != nil {
		return c.classify(ctx, r, "read", err)
	}
	for _, tag := range tags {
		t, err := c.parse(familiar(r.Context()) + ":" + tag)
		if err != nil {
			return err
		}
		if found, digest, err := c.Exists(ctx, t.String()); err == nil && found && digest == desc.Digest.String() {
			continue
		}
		if err := remote.Tag(r.Context().Tag(tag), desc, c.options(ctx)...); err != nil {
			return c.refused(ctx, t, desc.Digest.String(), err)
		}
	}
	return nil
}

// Copy copies an image or index with all that it refers to, to another repository or registry, and returns its digest.
// Layers that the target has, or can mount from a repository of the same registry, are not sent.
func (c *Client) Copy(ctx context.Context, from, to string) (string, error) {
	src, err := c.parse(from)
	if err != nil {
		return "", err
	}
	dst, err := c.parse(to)
	if err != nil {
		return "", err
	}
	desc, err := remote.Get(src, c.options(ctx)...)
	if err != nil {
		return "", c.classify(ctx, src, "read", err)
	}
	if desc.MediaType.IsIndex() {
		index, err := desc.ImageIndex()
		if err != nil {
			return "", c.classify(ctx, src, "read", err)
		}
		err = remote.WriteIndex(dst, index, c.options(ctx)...)
		return desc.Digest.String(), c.classify(ctx, dst, "write", err)
	}
	img, err := desc.Image()
	if err != nil {
		return "", c.classify(ctx, src, "read", err)
	}
	err = remote.Write(dst, img, c.options(ctx)...)
	return desc.Digest.String(), c.classify(ctx, dst, "write", err)
}

// CanPush asks for the right to write to a repository, and starts and abandons an upload to see whether it was granted.
// It returns nil or one of the errors of this package.
func (c *Client) CanPush(ctx context.Context, repo string) error {
	r, err := c.repository(repo)
	if err != nil {
		return err
	}
	keys := c.Keychain
	if keys == nil {
		keys = authn.NewMultiKeychain()
	}
	tag := r.Tag(name.DefaultTag)
	again := transport.NewRetry(bound{ctx, c.transport()}, transport.WithRetryBackoff(c.backoff()),
		transport.WithRetryPredicate(passing), transport.WithRetryStatusCodes(passingStatus...))
	return c.classify(ctx, tag, "write", remote.CheckPushPermission(tag, keys, again))
}

// passingStatus and passing tell what may pass by itself, as the library does elsewhere.
var passingStatus = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

func passing(err error) bool {
	temporary, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err)
	return ok && temporary.Temporary() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

// bound ends requests with a context, for the one function of the library that takes none.
type bound struct {
	ctx  context.Context
	base http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	return b.base.RoundTrip(r.WithContext(b.ctx))
}

// Tags lists the tags of a repository, sorted. A repository that does not exist has none.
func (c *Client) Tags(ctx context.Context, repo string) ([]string, error) {
	r, err := c.repository(repo)
	if err != nil {
		return nil, err
	}
	tags, err := remote.List(r, c.options(ctx)...)
	if t, ok := errors.AsType[*transport.Error](err); ok && t.StatusCode == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, c.classify(ctx, r.Tag(name.DefaultTag), "read", err)
	}
	slices.Sort(tags)
	return tags, nil
}

// Delete removes a tag, or a manifest if ref has a digest. Many registries only allow the latter, or neither: then the
// error says so. What is not there is deleted already.
func (c *Client) Delete(ctx context.Context, ref string) error {
	r, err := c.parse(ref)
	if err != nil {
		return err
	}
	err = remote.Delete(r, c.options(ctx)...)
	if t, ok := errors.AsType[*transport.Error](err); ok {
		switch t.StatusCode {
		case http.StatusNotFound:
			return nil
		case http.StatusMethodNotAllowed, http.StatusBadRequest:
			return fmt.Errorf("deleting %s: this registry does not allow it; use its own clean-up rules", ref)
		}
	}
	return c.classify(ctx, r, "write", err)
}

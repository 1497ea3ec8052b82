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
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry)...)
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
		if err := remote.Tag(r.Context().Tag(tag), desc, c.options(ctx, r.Context().Registry)...); err != nil {
			return c.refused(ctx, t, desc.Digest.String(), err)
		}
	}
	return nil
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
	again := transport.NewRetry(bound{ctx, c.transport(r.Registry)}, transport.WithRetryBackoff(c.backoff()),
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
	tags, err := remote.List(r, c.options(ctx, r.Registry)...)
	if t, ok := errors.AsType[*transport.Error](err); ok && t.StatusCode == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, c.classify(ctx, r.Tag(name.DefaultTag), "read", err)
	}
	slices.Sort(tags)
	return tags, nil
}

// ErrNotAllowed says that a registry deletes nothing of the kind that was asked for: a tag, or a manifest.
var ErrNotAllowed = errors.New("this registry does not allow it; use its own clean-up rules")

// Delete removes a tag, or a manifest if ref has a digest. Many registries only allow the latter, or neither: then the
// error is [ErrNotAllowed]. A tag or manifest that is not there is deleted already.
func (c *Client) Delete(ctx context.Context, ref string) error {
	r, err := c.parse(ref)
	if err != nil {
		return err
	}
	err = remote.Delete(r, c.options(ctx, r.Context().Registry)...)
	if t, ok := errors.AsType[*transport.Error](err); ok {
		switch t.StatusCode {
		case http.StatusNotFound:
			return nil
		case http.StatusMethodNotAllowed, http.StatusBadRequest:
			return fmt.Errorf("deleting %s: %w", ref, ErrNotAllowed)
		}
	}
	return c.classify(ctx, r, "write", err)
}

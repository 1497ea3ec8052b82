package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// DeniedError says that a registry refused (401, 403). Trying again does not help.
type DeniedError struct {
	Ref       string
	Right     string // "read" or "write": the missing right
	Anonymous bool   // no credentials were sent
	Status    int    // of HTTP
	Message   string // of the registry, may be empty
}

// Error names the reference and the missing right, with a hint.
func (e *DeniedError) Error() string {
	host, _, _ := cutHost(e.Ref)
	hint := fmt.Sprintf("the credentials for %s have no %s access", host, e.Right)
	if e.Anonymous {
		hint = fmt.Sprintf("no credentials for %s are given", host)
	}
	verb := "reading"
	if e.Right == "write" {
		verb = "writing"
	}
	return fmt.Sprintf("%s %s: denied by the registry (%d%s): %s", verb, e.Ref, e.Status, colon(e.Message), hint)
}

// ExitStatus is 1.
func (*DeniedError) ExitStatus() int { return 1 }

// NotFoundError says that there is no such image, or none for the platform.
type NotFoundError struct {
	Ref      string
	Platform string   // "" if the reference itself is unknown
	Have     []string // platforms that there are, sorted
}

// Error names the reference and the platform.
func (e *NotFoundError) Error() string {
	if e.Platform != "" {
		return fmt.Sprintf("reading %s: the image is not made for %s, only for %v", e.Ref, e.Platform, e.Have)
	}
	return fmt.Sprintf("reading %s: not found; check the name and the tag", e.Ref)
}

// ExitStatus is 1.
func (*NotFoundError) ExitStatus() int { return 1 }

// UnavailableError says that a registry could not be reached or was not able to answer. Trying again may help.
type UnavailableError struct {
	Ref string
	Err error
}

// Error names the reference and the cause.
func (e *UnavailableError) Error() string {
	return fmt.Sprintf("asking the registry about %s: %v", e.Ref, e.Err)
}

// Unwrap returns the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }

// ExitStatus is 75.
func (*UnavailableError) ExitStatus() int { return 75 }

// UntrustedError says that a registry's certificate is not signed by anybody that is trusted. See [NewTransport].
type UntrustedError struct {
	Ref string
	Err error
}

// Error names the reference, with a hint.
func (e *UntrustedError) Error() string {
	return fmt.Sprintf("asking the registry about %s: %v; give the certificate of its CA", e.Ref, e.Err)
}

// Unwrap returns the cause.
func (e *UntrustedError) Unwrap() error { return e.Err }

// ExitStatus is 1.
func (*UntrustedError) ExitStatus() int { return 1 }

// classify turns an error of the library into one of the types above.
func (c *Client) classify(ctx context.Context, ref name.Reference, right string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	full := familiar(ref.Context()) + separator(ref) + ref.Identifier()
	t, ok := errors.AsType[*transport.Error](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	refused, _ := errors.AsType[*RefusedError](err)
	if refused != nil && refused.fallback && !errors.Is(err, http.ErrSchemeMismatch) {
		refused = nil // why TLS failed says more
	}
	switch {
	case refused != nil:
		return fmt.Errorf("asking the registry about %s: %w", full, refused)
	case untrusted:
		return &UntrustedError{Ref: full, Err: bare(err)}
	case !ok:
		return &UnavailableError{Ref: full, Err: bare(err)}
	case t.StatusCode == http.StatusUnauthorized || t.StatusCode == http.StatusForbidden:
		return &DeniedError{Ref: full, Right: right, Anonymous: c.anonymous(ref.Context()), Status: t.StatusCode, Message: message(t)}
	case t.StatusCode == http.StatusNotFound:
		return &NotFoundError{Ref: full}
	case t.StatusCode == http.StatusTooManyRequests || t.StatusCode >= 500 || t.Temporary():
		return &UnavailableError{Ref: full, Err: fmt.Errorf("status %d%s", t.StatusCode, colon(message(t)))}
	}
	return fmt.Errorf("%s: refused by the registry (%d%s)", full, t.StatusCode, colon(message(t)))
}

func (c *Client) anonymous(repo name.Repository) bool {
	if c.Keychain == nil {
		return true
	}
	auth, err := c.Keychain.Resolve(repo)
	return err != nil || auth == authn.Anonymous
}

// message is what the registry said, without the request, whose URL may hold a token.
func message(t *transport.Error) string {
	for _, d := range t.Errors {
		if d.Message != "" {
			return d.Message
		}
		if d.Code != "" {
			return string(d.Code)
		}
	}
	return ""
}

// bare drops the URL from an error of the HTTP client.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

func colon(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}

package forge

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// How often and for how long a forge may let a job wait. What asks for more ends the try: a job is not worth an hour of waiting for its
// comment.
const (
	maxRetries = 3
	maxPause   = time.Minute
)

// patience bounds a whole conversation, and the fetch of an archive to its last byte, with all retries. A forge that sends a byte now and
// then is never silent, and would hold the job for ever.
const patience = 10 * time.Minute

// NewHTTP returns a client that retries what a server or a rate limit refuses for the moment, three times at most,
// and waits as long as the server asks for, up to a minute. GitHub's secondary limits are a 403 with Retry-After.
func NewHTTP(base http.RoundTripper) *http.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax = maxRetries
	c.CheckRetry = shouldRetry
	c.Backoff = pauseBefore
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	// The client on top follows redirects, or wants to see where they lead.
	c.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if base != nil {
		c.HTTPClient.Transport = base
	}
	return c.StandardClient()
}

// shouldRetry decides whether a request is sent once more.
func shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	retry, problem := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
	asked, ok := retryAfter(resp)
	switch {
	case !ok || ctx.Err() != nil:
		return retry, problem
	case asked > maxPause:
		return false, nil
	}
	return retry || resp.StatusCode == http.StatusForbidden, problem
}

// pauseBefore is how long to wait before the next try.
func pauseBefore(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	if asked, ok := retryAfter(resp); ok {
		return asked
	}
	return retryablehttp.DefaultBackoff(least, most, attempt, resp)
}

// retryAfter is what a server asks for in seconds. Forges give no dates.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31)
	return time.Duration(seconds) * time.Second, err == nil
}

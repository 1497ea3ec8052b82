// Package retry is the policy by which requests to registries, forges and upstreams are sent again. It says how often, and how long a server may
// ask for a pause.
package retry

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// Retries is how often a request is sent again.
	Retries = 3
	// LongestPause bounds the pause that a server may ask for. A request whose server asks for more, as by a daily limit, is not sent again:
	// a job is not worth an hour of waiting.
	LongestPause = time.Minute
)

// After is the pause that a server asks for in the header Retry-After, in seconds or as a date. Only a refusal for the moment asks: its status
// is 429, 503, or among the statuses that are given.
func After(resp *http.Response, also ...int) (time.Duration, bool) {
	if resp == nil || !slices.Contains(append(also, http.StatusTooManyRequests, http.StatusServiceUnavailable), resp.StatusCode) {
		return 0, false
	}
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(date)), true
	}
	return 0, false
}

// NewClient returns a client that sends requests by base, which is the usual transport if it is nil. The client sends a request again after a
// lost connection, a refusal for the moment or a failure of the server.
func NewClient(base http.RoundTripper) *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax = Retries
	c.CheckRetry = shouldRetry
	c.Backoff = pauseBefore
	if base != nil {
		c.HTTPClient.Transport = base
	}
	return c
}

// shouldRetry decides whether a request is sent again. GitHub's secondary limits are a 403 with Retry-After.
func shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	again, problem := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
	asked, ok := After(resp, http.StatusForbidden)
	if !ok || ctx.Err() != nil {
		return again, problem
	}
	return asked <= LongestPause, nil
}

// pauseBefore is how long to wait before the next try.
func pauseBefore(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	if asked, ok := After(resp, http.StatusForbidden); ok {
		return asked
	}
	return retryablehttp.DefaultBackoff(least, most, attempt, resp)
}

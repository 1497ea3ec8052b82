package forge

import (
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/org/npx-action/internal/retry"
)

// patience bounds a whole conversation, and the fetch of an archive to its last byte, with all retries. A forge that sends a byte now and
// then is never silent, and would hold the job for ever.
const patience = 10 * time.Minute

// NewHTTP returns a client that sends requests again by the policy of package retry.
func NewHTTP(base http.RoundTripper) *http.Client {
	c := retry.NewClient(base)
	// A forge says why it refuses: its last answer is the caller's.
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	// The client on top follows redirects, or wants to see where they lead.
	c.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c.StandardClient()
}

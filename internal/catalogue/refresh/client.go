package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/org/npx-action/internal/retry"
)

// maxIndex bounds an index. The largest, the versions of nixpkgs, has about 15 MB.
const maxIndex = 256 << 20 // bytes

// A client reads indexes, and tries again where the world is at fault.
type client struct {
	http *retryablehttp.Client
	npm  func(ctx context.Context, args ...string) ([]byte, error) // prints what npm view prints
}

func newClient() *client {
	c := retry.NewClient(nil)
	c.HTTPClient.Timeout = 5 * time.Minute
	return &client{c, npmView}
}

// errAbsent is of an index that is not there.
var errAbsent = errors.New("status 404")

// text is an index. The error is [errAbsent] if there is none.
func (c *client) text(ctx context.Context, url string) ([]byte, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "npx-action-catalogue")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", url, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("reading %s: %w", url, errAbsent)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading %s: status %d", url, resp.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxIndex+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", url, err)
	}
	if len(b) > maxIndex {
		return nil, fmt.Errorf("reading %s: it has more than %d bytes", url, maxIndex)
	}
	return b, nil
}

// decode reads JSON. Keys that v lacks are passed over: an index may grow.
func (c *client) decode(ctx context.Context, url string, v any) error {
	b, err := c.text(ctx, url)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("reading %s: %w", url, err)
	}
	return nil
}

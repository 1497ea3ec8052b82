package retry_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/org/npx-action/internal/retry"
)

func TestAServerAsksForAPause(t *testing.T) {
	soon := time.Now().Add(31 * time.Second).UTC().Format(http.TimeFormat) // of whole seconds
	past := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for name, tt := range map[string]struct {
		status      int
		header      string
		also        []int
		least, most time.Duration
		asks        bool
	}{
		"seconds":                {429, "7", nil, 7 * time.Second, 7 * time.Second, true},
		"no pause":               {503, "0", nil, 0, 0, true},
		"a date":                 {503, soon, nil, 25 * time.Second, 31 * time.Second, true},
		"a date that has passed": {429, past, nil, 0, 0, true},
		"hours":                  {429, "21600", nil, 6 * time.Hour, 6 * time.Hour, true},
		"a negative number":      {429, "-1", nil, 0, 0, false},
		"a word":                 {429, "later", nil, 0, 0, false},
		"no header":              {429, "", nil, 0, 0, false},
		"another status":         {403, "7", nil, 0, 0, false},
		"a given status":         {403, "7", []int{403}, 7 * time.Second, 7 * time.Second, true},
		"success":                {200, "7", []int{403}, 0, 0, false},
	} {
		resp := &http.Response{StatusCode: tt.status, Header: http.Header{"Retry-After": {tt.header}}}
		got, ok := retry.After(resp, tt.also...)
		if ok != tt.asks || got < tt.least || got > tt.most {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
	if got, ok := retry.After(nil); ok {
		t.Errorf("without an answer: %s", got)
	}
}

func TestRequestsAreSentAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		header string
		want   int // requests
	}{
		"a failure":              {502, "", 1 + retry.Retries},
		"a limit":                {429, "0", 1 + retry.Retries},
		"a limit of hours":       {429, "3600", 1},
		"a failure of hours":     {503, strconv.Itoa(int(retry.LongestPause.Seconds()) + 1), 1},
		"a forge's limit":        {403, "0", 1 + retry.Retries},
		"a forge's refusal":      {403, "", 1},
		"what nobody asks again": {404, "0", 1},
	} {
		seen := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			seen++
			if tt.header != "" {
				w.Header().Set("Retry-After", tt.header)
			}
			w.WriteHeader(tt.status)
		}))
		c := retry.NewClient(nil)
		c.RetryWaitMin, c.RetryWaitMax = time.Microsecond, time.Microsecond
		c.ErrorHandler = retryablehttp.PassthroughErrorHandler
		resp, err := c.Get(server.URL)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resp.Body.Close()
		server.Close()
		if seen != tt.want || resp.StatusCode != tt.status {
			t.Errorf("%s: %d requests, the last status is %d", name, seen, resp.StatusCode)
		}
	}
}

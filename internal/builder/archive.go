package builder

import (
	"fmt"
	"strings"
)

// ArchiveError says that the daemon could not fetch an archive that it was to fetch by its hash.
type ArchiveError struct {
	URL       string
	Different bool // what the host serves has another hash; a page that says why there is none has, too
	Err       error
}

// Error names the archive, and what to do if its host serves another.
func (e *ArchiveError) Error() string {
	text := fmt.Sprintf("fetching %s: %v", e.URL, e.Err)
	if e.Different {
		return text + "; the host serves another file: check the address and its mirror, and the hash in the plan"
	}
	return text
}

// Unwrap returns the cause.
func (e *ArchiveError) Unwrap() error { return e.Err }

// ExitStatus is 1 if the host serves another file, else 75.
func (e *ArchiveError) ExitStatus() int {
	if e.Different {
		return 1
	}
	return 75
}

// archiveError reads what the daemon says of a source of HTTP.
func archiveError(url string, err error) *ArchiveError {
	return &ArchiveError{URL: url, Err: err, Different: strings.Contains(err.Error(), "digest mismatch")}
}

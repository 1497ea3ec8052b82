// Package links remembers URLs by short names.
package links

import (
	"fmt"
	"net/url"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// A Store is safe for use by several goroutines.
type Store struct {
	mu   sync.RWMutex
	urls map[string]string
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{urls: map[string]string{}} }

// Add remembers an absolute URL and returns its name.
func (s *Store) Add(raw string) (id string, err error) {
	u, err := url.ParseRequestURI(norm.NFC.String(raw))
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("reading %q: not an absolute URL", raw)
	}
	id = uuid.NewString()[:8]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls[id] = u.String()
	return id, nil
}

// Find returns the URL of that name.
func (s *Store) Find(id string) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.urls[id]
	return u, ok
}

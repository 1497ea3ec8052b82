package cache

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// memory is a registry of references and their annotations.
type memory map[string]map[string]string

func (m memory) Exists(_ context.Context, ref string) (bool, error) {
	if m == nil {
		return false, errors.New("connection refused")
	}
	_, ok := m[ref]
	return ok, nil
}

func (m memory) Annotations(_ context.Context, ref string) (map[string]string, error) {
	return m[ref], nil
}

var (
	refs  = Refs{Exact: "r:exact", Branch: "r:b-feat", Default: "r:b-main", Setup: "r:s"}
	write = Policy{Read: true, Write: true}
)

func TestLook(t *testing.T) {
	key := NewKey(inputs())
	older := inputs()
	older.Files["package-lock.json"] = sha256.Sum256([]byte("older"))
	main := refs
	main.Branch = main.Default
	doc, parts := Document(main, NewKey(older))

	tests := []struct {
		name   string
		store  memory
		policy Policy
		want   Lookup
	}{
		{"exact", memory{"r:exact": nil, "r:b-main": nil}, write,
			Lookup{Hit: ExactHit, Import: []string{"r:exact"}}},
		{"nothing yet", memory{}, write,
			Lookup{Hit: NoHit, Export: "r:exact", Also: []string{"r:s", "r:b-feat"}, Why: "there is no cache yet"}},
		{"lockfile changed", memory{"r:b-main": nil, "r:s": nil, doc: parts}, write,
			Lookup{Hit: PartialHit, Import: []string{"r:b-main", "r:s"}, Export: "r:exact", Also: []string{"r:s", "r:b-feat"},
				Why: "changed since the last cache: package-lock.json", Changed: []string{"package-lock.json"}}},
		{"unexplained", memory{"r:s": nil}, write,
			Lookup{Hit: PartialHit, Import: []string{"r:s"}, Export: "r:exact", Also: []string{"r:s", "r:b-feat"},
				Why: "the lockfiles or packages changed since the last cache"}},
		{"not allowed to write", memory{}, Policy{Read: true, Reason: "a fork does not write the cache"},
			Lookup{Hit: NoHit, Why: "there is no cache yet; nothing is written: a fork does not write the cache"}},
		{"not allowed to read", memory{"r:exact": nil}, Policy{Reason: "cache is false"},
			Lookup{Hit: NoHit, Why: "cache is false"}},
		{"registry down", nil, write,
			Lookup{Hit: NoHit, Why: "the cache cannot be read: connection refused"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Key = key
			got := Look(t.Context(), tt.store, refs, key, tt.policy)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocumentComesBackAsTheSameParts(t *testing.T) {
	key := NewKey(inputs())
	ref, notes := Document(refs, key)
	if !strings.HasPrefix(ref, refs.Branch) {
		t.Errorf("document at %s", ref)
	}
	if names := key.Parts.Differs(parseParts(notes)); names != nil {
		t.Errorf("lost: %v", names)
	}
	notes["other"] = "ignored"
	if len(parseParts(notes)) != len(key.Parts) {
		t.Error("a foreign annotation is read as a part")
	}
	if ref, notes := Document(Refs{}, key); ref != "" || notes != nil {
		t.Errorf("a build without a branch writes %s", ref)
	}
}

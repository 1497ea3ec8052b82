package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	token    = "s3cr+t/Värde 1\"2?>&x"
	password = "correct-horse"
)

var (
	pem   = "-----BEGIN KEY-----\n" + strings.Repeat("MIIEpAIBAAKCAQEA7+/x\n", 12) + "-----END KEY-----\n"
	given = map[string]string{"TOKEN": token, "PASSWORD": password, "PEM": pem}
)

// forms are what programs make of a value.
func forms(value string) map[string]string {
	text, _ := json.Marshal(value)
	all := map[string]string{
		"as it is": value, "JSON": string(text), "query": url.QueryEscape(value), "path": url.PathEscape(value),
		"base64 in a URL": url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(value))),
	}
	var lower, mixed strings.Builder
	for i, c := range []byte(value) {
		fmt.Fprintf(&lower, "%%%02x", c)
		if i%3 == 0 {
			fmt.Fprintf(&mixed, "%%%02X", c)
		} else {
			mixed.WriteByte(c)
		}
	}
	all["all percent-encoded"], all["some percent-encoded"] = lower.String(), mixed.String()
	for _, before := range []string{"", "a", "ab", "abc", "user:"} {
		for _, after := range []string{"", "x", "xy", "\n"} {
			for name, e := range map[string]*base64.Encoding{"std": base64.StdEncoding, "url": base64.URLEncoding, "raw std": base64.RawStdEncoding, "raw url": base64.RawURLEncoding} {
				all[fmt.Sprintf("base64 %s of %q and %q", name, before, after)] = e.EncodeToString([]byte(before + value + after))
			}
		}
	}
	return all
}

func TestEveryFormIsFound(t *testing.T) {
	s := NewScanner(given)
	for name, value := range given {
		for form, text := range forms(strings.TrimSpace(value)) {
			if got := s.Text("before " + text + " after"); !slices.Equal(got, []string{name}) {
				t.Errorf("%s, %s: found %q in %q", name, form, got, text)
			}
		}
	}
}

func TestBrokenLinesOfBase64AreFound(t *testing.T) {
	s := NewScanner(given)
	for _, width := range []int{64, 76} {
		for _, end := range []string{"\n", "\r\n"} {
			text := base64.StdEncoding.EncodeToString([]byte("a" + pem))
			var b strings.Builder
			for line := range slices.Chunk([]byte(text), width) {
				b.WriteString(string(line) + end)
			}
			if got := s.Text(b.String()); !slices.Equal(got, []string{"PEM"}) {
				t.Errorf("width %d, end %q: found %q", width, end, got)
			}
		}
	}
}

func TestNothingIsFoundWhereNothingIs(t *testing.T) {
	s := NewScanner(given)
	text := strings.Join([]string{
		token[1:], token[:len(token)-1], strings.ToUpper(password), "correct%2Dhors", "correct-\nhorse",
		base64.StdEncoding.EncodeToString([]byte(password[:10])),
	}, "\n")
	if got := s.Text(text); len(got) > 0 {
		t.Errorf("found %q", got)
	}
	noise := make([]byte, 8<<20)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(noise)
	if got := s.Text(string(noise)); len(got) > 0 {
		t.Errorf("found %q in noise", got)
	}
}

// TestBordersHideNothing writes each form in pieces of all sizes, at all places.
func TestBordersHideNothing(t *testing.T) {
	value := map[string]string{"PASSWORD": password}
	s := NewScanner(value)
	for form, text := range forms(password) {
		for size := 1; size <= len(text)+1; size++ {
			for shift := range size {
				found := 0
				w := s.search(func(string) { found++ })
				data := []byte(strings.Repeat("%", shift) + text + strings.Repeat("z", 40))
				for piece := range slices.Chunk(data, size) {
					w.write(piece)
				}
				if found == 0 {
					t.Fatalf("%s in pieces of %d, shifted by %d, is not found", form, size, shift)
				}
			}
		}
	}
}

func TestWhatWasFoundIsNotFoundAgainInTheNextPiece(t *testing.T) {
	found := 0
	w := NewScanner(map[string]string{"PASSWORD": password}).search(func(string) { found++ })
	w.write([]byte("x" + password))
	first := found
	for range 100 {
		w.write([]byte("z"))
	}
	if first == 0 || found != first {
		t.Errorf("found %d times, then %d times", first, found)
	}
}

func TestAValueOfSeveralPiecesIsFoundByItsBeginning(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 4<<10) + "end"
	s := NewScanner(map[string]string{"LONG": long})
	var b bytes.Buffer
	b.WriteString(strings.Repeat("x", 100_000))
	b.WriteString(long)
	if got := s.Text(b.String()); !slices.Equal(got, []string{"LONG"}) {
		t.Errorf("found %q", got)
	}
}

func TestAPlaceHoldsNoValue(t *testing.T) {
	s := NewScanner(map[string]string{"PASSWORD": password, "PATHLIKE": "one/two/three"})
	for place, want := range map[string]string{
		"/app/a":                             "/app/a",
		"/app/" + password + "/b":            "/app/***/b",
		"/app/Y29ycmVjdC1ob3JzZQ==.txt":      "/app/***",
		"/app/one/two/three":                 "***",
		"[install] npm ci --t=correct-horse": "***",
	} {
		if got := s.mask(place); got != want {
			t.Errorf("%q becomes %q, not %q", place, got, want)
		}
	}
}

func TestALeakErrorNamesTheFirstPlaces(t *testing.T) {
	e := &LeakError{}
	for i := range 7 {
		e.Leaks = append(e.Leaks, Leak{"A", fmt.Sprint("place ", i)})
	}
	want := "checking for secrets: A is in place 0; A is in place 1; A is in place 2; A is in place 3; A is in place 4; and in 2 more places"
	if diff := cmp.Diff(want, e.Error()); diff != "" || e.ExitStatus() != 1 {
		t.Errorf("status %d (-want +got):\n%s", e.ExitStatus(), diff)
	}
}

func BenchmarkScan(b *testing.B) {
	s := NewScanner(given)
	data := make([]byte, chunk)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(data)
	w := s.search(func(string) {})
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		w.write(data)
	}
}

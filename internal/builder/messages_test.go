package builder_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

// An engineOfALoad takes an archive, and answers with messages.
type engineOfALoad struct {
	answer string
	got    string
}

func (e *engineOfALoad) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	e.got = fmt.Sprintf("%s?%s %s", r.URL.Path, r.URL.RawQuery, text)
	fmt.Fprint(w, e.answer)
}

func TestWhatFailsAfterALoadHasBegunIsTold(t *testing.T) {
	for answer, want := range map[string]string{
		`{"stream":"Loaded image: app:one\n"}`: "",
		`a word that is no message`:            "",
		`{"stream":"x"}{"errorDetail":{"message":"no space left"},"error":"no space left"}`: "no space left",
		`{"stream":"x"}{"error":"no space left"}`:                                           "no space left",
	} {
		e := &engineOfALoad{answer: answer}
		err := builder.LoadArchive(t.Context(), startFakeEngine(t, e), "an archive")
		if e.got != "/images/load?quiet=1 an archive" {
			t.Errorf("%s: the engine gets %s", answer, e.got)
		}
		if want == "" && err != nil {
			t.Errorf("%s: %v", answer, err)
		}
		if refused, ok := errors.AsType[*builder.EngineError](err); want != "" && (!ok || refused.Err.Error() != want || refused.ExitStatus() != 1) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

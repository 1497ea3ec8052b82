package builder

import (
	"errors"
	"testing"
)

func TestACommandMaySayThatItMayBeTriedAgain(t *testing.T) {
	for code, want := range map[int]int{0: 1, 1: 1, 75: 75, 76: 1} {
		if got := (&StepError{ExitCode: code}).ExitStatus(); got != want {
			t.Errorf("exit status %d: status %d, want %d", code, got, want)
		}
	}
}

func TestAnotherArchiveIsNotTriedAgain(t *testing.T) {
	for text, want := range map[string]int{
		"digest mismatch sha256:1: sha256:2":                                                      1,
		"failed to load cache key: digest mismatch for http://h/a: sha256:1 (expected: sha256:2)": 1,
		`Get "http://h/a": dial tcp 127.0.0.1:1: connect: connection refused`:                     75,
	} {
		if got := archiveError("http://h/a", errors.New(text)).ExitStatus(); got != want {
			t.Errorf("%s: status %d, want %d", text, got, want)
		}
	}
}

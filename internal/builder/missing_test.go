package builder

import (
	"strings"
	"testing"
)

func TestAStepThatLacksAProgramSaysWhich(t *testing.T) {
	for line, want := range map[string]string{
		"/bin/bash: line 1: ffmpeg: command not found":          "ffmpeg",
		"\x1b[31mbash: gcc: command not found\x1b[0m":           "gcc",
		"sh: 1: tsc: not found":                                 "tsc",
		"make: g++: No such file or directory":                  "",
		"GET https://npm.example/left-pad: 404: page not found": "",
	} {
		e := &StepError{ExitCode: 127, Tail: []string{"before", line, "after"}}
		if got := e.Missing(); got != want {
			t.Errorf("%q lacks %q, want %q", line, got, want)
		}
		if advice := e.Advice(); (advice == "") != (want == "") || !strings.Contains(advice, want) {
			t.Errorf("%q: the advice is %q", line, advice)
		}
		if e.ExitCode = 1; e.Missing() != "" {
			t.Errorf("%q: the command ended with 1, so that it was found", line)
		}
	}
}

package world

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestADownloadIsTriedAgain(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails int // the tries that fail
		want  int // the tries
		ok    bool
	}{
		{"at once", 0, 1, true},
		{"the third time", 2, 3, true},
		{"never", 99, fetchTries, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			cmd := exec.Command("sh", "-c", `echo "$PWD" >> "$0"; [ $(wc -l < "$0") -gt "$1" ] && echo "$ANSWER"`, log, strconv.Itoa(tt.fails))
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "ANSWER=here")
			out, err := fetch(t.Context(), io.Discard, cmd, time.Millisecond)
			if (err == nil) != tt.ok || (tt.ok && out != "here") {
				t.Errorf("got %q, %v", out, err)
			}
			tries, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Repeat(cmd.Dir+"\n", tt.want); string(tries) != want {
				t.Errorf("got\n%swant\n%s", tries, want)
			}
		})
	}
}

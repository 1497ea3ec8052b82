package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test program be npx-static.
func TestMain(m *testing.M) {
	if os.Getenv("BE_NPX_STATIC") != "" {
		main()
	}
	os.Exit(m.Run())
}

// start runs npx-static on a free port and returns the address that it prints.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, url string) {
	t.Helper()
	cmd = exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BE_NPX_STATIC=1", "PORT=0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url = regexp.MustCompile(`http://\S+`).FindString(line)
	if url == "" {
		t.Fatalf("the first line is %q", line)
	}
	return cmd, url
}

func TestASignalEndsTheProgramAfterItsRequests(t *testing.T) {
	dir := t.TempDir()
	// More than sockets hold, so that the response is open as long as nobody reads it.
	text := strings.Repeat("0123456789abcdef", 4<<20)
	for name, text := range map[string]string{"index.html": "home", "large.mp4": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		cmd, url := start(t, dir, "--grace", "1m")
		response, err := http.Get(url + "/large.mp4")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		for refused := false; !refused; { // until it has heard the signal
			other, err := http.Get(url)
			if refused = err != nil; !refused {
				other.Body.Close()
			}
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || string(body) != text {
			t.Errorf("%s: %d bytes of %d, %v", signal, len(body), len(text), err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", signal, err)
		}
	}
}

func TestARequestWithoutAnEndIsCutAfterTheGrace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "large.mp4")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 64<<20); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], dir, "--grace", "10ms")
	cmd.Env = append(os.Environ(), "BE_NPX_STATIC=1", "PORT=0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewReader(stderr)
	first, _ := lines.ReadString('\n')
	second, _ := lines.ReadString('\n')
	if first != "warning: the folder has no index.html: / answers 404\n" {
		t.Errorf("the first line is %q", first)
	}
	response, err := http.Get(regexp.MustCompile(`http://\S+`).FindString(second) + "/large.mp4") // which nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	begin := time.Now()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	rest, _ := io.ReadAll(lines)
	if err := cmd.Wait(); err != nil || string(rest) != "warning: requests were still open after 10ms and were cut\n" {
		t.Errorf("%v, %q", err, rest)
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestASecondSignalEndsTheProgramAtOnce(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"index.html", "large.mp4"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(filepath.Join(dir, "large.mp4"), 64<<20); err != nil {
		t.Fatal(err)
	}
	cmd, url := start(t, dir, "--grace", "1h")
	response, err := http.Get(url + "/large.mp4") // which nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed by the signal, which Wait tells as an error
		close(done)
	}()
	tick, limit := time.NewTicker(10*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-done:
			ended = true
		case <-tick.C:
			_ = cmd.Process.Signal(syscall.SIGTERM)
		case <-limit:
			t.Fatal("the program goes on after many signals")
		}
	}
}

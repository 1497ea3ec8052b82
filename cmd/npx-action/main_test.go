package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test program be one that goes on after the first signal, as if something did not heed it.
func TestMain(m *testing.M) {
	if os.Getenv("HEEDLESS") == "" {
		os.Exit(m.Run())
	}
	ctx := untilSignal()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("first")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestASecondSignalEndsTheProcessAtOnce(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "HEEDLESS=1")
		if _, err := cmd.StdinPipe(); err != nil { // which never says anything
			t.Fatal(err)
		}
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		lines := bufio.NewReader(stdout)
		for _, want := range []string{"ready\n", "first\n"} {
			if got, err := lines.ReadString('\n'); err != nil || got != want {
				t.Fatalf("got %q, %v", got, err)
			}
			_ = cmd.Process.Signal(signal)
		}
		done := make(chan struct{})
		go func() {
			_ = cmd.Wait()
			close(done)
		}()
		// The second signal may come before the program is ready for it, so it is sent until the program ends.
		tick, limit := time.NewTicker(10*time.Millisecond), time.After(10*time.Second)
		for ended := false; !ended; {
			select {
			case <-done: // killed by the signal, which Wait tells as an error
				ended = true
			case <-tick.C:
				_ = cmd.Process.Signal(signal)
			case <-limit:
				t.Fatalf("%v: the process goes on", signal)
			}
		}
		tick.Stop()
		if state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || state.Signal() != signal {
			t.Errorf("%v: the process ended with %v", signal, cmd.ProcessState)
		}
	}
}

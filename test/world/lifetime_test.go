package world

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// holdVariable makes the test binary bring up a world, print where it is, and wait to be killed.
const holdVariable = "NPX_WORLD_HOLD"

func holdWorld() {
	ctx := context.Background()
	w, err := Start(ctx, Options{Log: os.Stderr})
	if err != nil {
		panic(err)
	}
	engine, err := w.Engine(ctx)
	if err != nil {
		panic(err)
	}
	db, err := w.NewPostgres(ctx)
	if err != nil {
		panic(err)
	}
	address, err := url.Parse(db.URL)
	if err != nil {
		panic(err)
	}
	fmt.Println(w.run.path, w.Registry, address.Host, strings.TrimPrefix(engine, "unix://"))
	select {}
}

func TestNothingOutlivesAKilledProcess(t *testing.T) {
	var log strings.Builder
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"=1")
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if err != nil {
		t.Fatalf("starting a world: %v\n%s", err, &log)
	}
	var dir, registry, database, engine string
	if _, err := fmt.Sscan(line, &dir, &registry, &database, &engine); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, at := range [][2]string{{"tcp", registry}, {"tcp", database}, {"unix", engine}} {
		if err := poll(ctx, 10*time.Millisecond, func() error { return refuses(at[0], at[1]) }); err != nil {
			t.Errorf("the world still runs: %v", err)
		}
	}
	d, err := newRunDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.remove(); err != nil {
		t.Error(err)
	}
	for _, path := range []string{dir, d.path} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
}

func refuses(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return nil
	}
	conn.Close()
	return fmt.Errorf("%s answers", address)
}

func TestRunDirIsRemovedWithItsMounts(t *testing.T) {
	d, err := newRunDir()
	if err != nil {
		t.Fatal(err)
	}
	outer, err := d.mkdir("outer")
	if err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(outer, "inner")
	for _, dir := range []string{outer, inner} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.remove(); err != nil {
		t.Error(err)
	}
	if mounts, err := mountsBelow(d.path); err != nil || len(mounts) > 0 {
		t.Errorf("still mounted: %v, %v", mounts, err)
	}
	if _, err := os.Stat(d.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", d.path, err)
	}
}

func TestPieceIsMadeOnce(t *testing.T) {
	c := cache{dir: t.TempDir()}
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			dir, err := c.piece(t.Context(), "a", "recipe", func(dir string) error {
				made.Add(1)
				return os.WriteFile(filepath.Join(dir, "f"), nil, 0o600)
			})
			if err != nil {
				t.Error(err)
			} else if _, err := os.Stat(filepath.Join(dir, "f")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := made.Load(); got != 1 {
		t.Errorf("made %d times, want once", got)
	}
	other, err := c.piece(t.Context(), "a", "another recipe", func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(other, "f")); err == nil {
		t.Error("another recipe got the same piece")
	}
}

func TestPieceThatFailsIsMadeAgain(t *testing.T) {
	c := cache{dir: t.TempDir()}
	broken := errors.New("broken")
	if _, err := c.piece(t.Context(), "a", "r", func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
	if _, err := c.piece(t.Context(), "a", "r", func(string) error { return nil }); err != nil {
		t.Errorf("second try: %v", err)
	}
}

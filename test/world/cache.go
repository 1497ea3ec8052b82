package world

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// A cache keeps what is expensive to make, each piece in a directory of its own.
type cache struct{ dir string }

// piece returns the directory that fill has filled for this recipe, now or in an earlier process. A piece is complete or
// absent, and two processes never make the same one at the same time.
func (c cache) piece(ctx context.Context, name, recipe string, fill func(dir string) error) (string, error) {
	sum := sha256.Sum256([]byte(recipe))
	dir := filepath.Join(c.dir, name+"-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	unlock, err := c.lock(ctx, name)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	tmp, err := os.MkdirTemp(c.dir, name+".tmp-")
	if err != nil {
		return "", fmt.Errorf("making %s: %w", name, err)
	}
	defer os.RemoveAll(tmp)
	if err := fill(tmp); err != nil {
		return "", fmt.Errorf("making %s: %w", name, err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		return "", fmt.Errorf("making %s: %w", name, err)
	}
	return dir, nil
}

// lock waits for the lock of that name, which other processes see, and returns what releases it.
func (c cache) lock(ctx context.Context, name string) (unlock func(), err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the cache directory: %w", err)
	}
	f, err := os.Create(filepath.Join(c.dir, name+".lock"))
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", name, err)
	}
	err = poll(ctx, 100*time.Millisecond, func() error {
		return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	})
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", name, err)
	}
	return func() { f.Close() }, nil
}

// poll calls probe until it returns nil or the context ends, and then returns the last error of probe with the context's.
func poll(ctx context.Context, every time.Duration, probe func() error) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := probe()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		case <-tick.C:
		}
	}
}

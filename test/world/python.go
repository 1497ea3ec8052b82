package world

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// PythonTool prepares to run a module of a Python package, such as uv of uv==1.2.3, with this machine's Python.
func (w *World) PythonTool(ctx context.Context, spec, module string, args ...string) (*exec.Cmd, error) {
	if err := install(ctx, w.cache, w.log, "pip3"); err != nil {
		return nil, err
	}
	dir, err := w.cache.piece(ctx, "python-"+module, spec, func(dir string) error {
		cmd := exec.CommandContext(ctx, "python3", "-m", "pip", "install", "--quiet", "--target", filepath.Join(dir, "site"), spec)
		_, err := fetch(ctx, w.log, cmd, fetchPause)
		return err
	})
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "python3", append([]string{"-m", module}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+filepath.Join(dir, "site"))
	return cmd, nil
}

// Demo does the main job for real on loopback: it plans a Node app, installs its toolchain with Nix and its packages from
// the package registry inside BuildKit, pushes the image and its cache, starts the container, calls it, and prints the
// comment that a pull request would get.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/org/npx-action/test/world"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := demo(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func demo(ctx context.Context) (err error) {
	heading("bringing up a registry, a base image with Nix, and a nixpkgs mirror (minutes the first time, then seconds)")
	w, err := world.Start(ctx, world.Options{Program: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	program, err := w.Program(ctx)
	if err != nil {
		return err
	}
	app, err := repository("test/apps/node")
	if err != nil {
		return err
	}
	defer os.RemoveAll(app)
	report := filepath.Join(app, ".git", "comment.md")
	builder, err := w.NewBuilderDir()
	if err != nil {
		return err
	}
	image := w.Registry + "/demo/app:main"
	steps := [][]string{
		{"plan", app, "--format", "text"},
		append([]string{"build", app, "--tag", image, "--push", "--cache-ref", w.Registry + "/demo/app/cache",
			"--builder-dir", builder, "--base", "HEAD~1", "--report", report}, w.Options()...),
	}
	for _, args := range steps {
		heading("npx-action " + strings.Join(args, " "))
		cmd := program.Command(ctx, args...)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("npx-action %s: %w", args[0], err)
		}
	}
	if err := call(ctx, w, image); err != nil {
		return err
	}
	comment, err := os.ReadFile(report)
	if err != nil {
		return err
	}
	heading("the comment")
	fmt.Println(string(comment))
	return nil
}

func heading(text string) { fmt.Printf("\n=== %s\n", text) }

// repository copies an app and commits it twice, the second time as a pull request that asks for a newer Node.
func repository(app string) (string, error) {
	dir, err := os.MkdirTemp("", "npx-action-demo-")
	if err != nil {
		return "", err
	}
	err = world.CopyApp(dir, app)
	if err == nil {
		err = commits(dir)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

func commits(dir string) error {
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		return err
	}
	tree, err := repo.Worktree()
	if err != nil {
		return err
	}
	who := &object.Signature{Name: "demo", Email: "demo@example.com", When: time.Unix(0, 0)}
	manifest := filepath.Join(dir, "package.json")
	head, err := os.ReadFile(manifest)
	if err != nil {
		return err
	}
	base := strings.Replace(string(head), `"node": "22"`, `"node": "20"`, 1)
	for _, text := range []string{base, string(head)} {
		if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
			return err
		}
		if err := tree.AddWithOptions(&git.AddOptions{All: true}); err != nil {
			return err
		}
		if _, err := tree.Commit("demo", &git.CommitOptions{Author: who}); err != nil {
			return err
		}
	}
	return nil
}

// call starts the image and asks it over HTTP.
func call(ctx context.Context, w *world.World, image string) error {
	heading("starting " + image)
	container, err := w.Run(ctx, image, world.RunOptions{})
	if err != nil {
		return err
	}
	resp, err := http.Get(container.URL + "/health")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return err
	}
	fmt.Printf("GET %s/health: %s\n%s\n", container.URL, resp.Status, body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("calling %s: %s", image, resp.Status)
	}
	return container.Stop()
}

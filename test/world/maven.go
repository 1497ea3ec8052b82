package world

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// mavenSource makes an artifact be fetched again when the way of fetching changes.
//
//go:embed maven.go
var mavenSource string

// mavenArtifact is GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER].
var mavenArtifact = regexp.MustCompile(`^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+){3,4}$`)

// serveMaven serves an artifact from the repository that Maven uses where nothing is configured.
func (w *World) serveMaven(rw http.ResponseWriter, r *http.Request) {
	artifact := r.PathValue("artifact")
	if !mavenArtifact.MatchString(artifact) {
		http.NotFound(rw, r)
		return
	}
	fmt.Fprintf(w.log, "mirror: Maven's %s\n", artifact)
	file, err := w.mavenFile(r.Context(), artifact)
	if err != nil {
		fmt.Fprintf(w.log, "mirror: %v\n", err)
		http.Error(rw, err.Error(), http.StatusFailedDependency) // Nix would try a server error again
		return
	}
	http.ServeFile(rw, r, file)
}

func (w *World) mavenFile(ctx context.Context, artifact string) (string, error) {
	parts := strings.Split(artifact, ":")
	dir, err := w.cache.piece(ctx, "maven-"+parts[1], mavenSource+artifact, func(dir string) error {
		if err := install(ctx, w.cache, w.log, "mvn"); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, "mvn", "--batch-mode", "--quiet",
			"org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy", "-Dartifact="+artifact, "-DoutputDirectory="+dir)
		_, err := fetch(ctx, w.log, cmd, fetchPause)
		return err
	})
	if err != nil {
		return "", err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		return "", fmt.Errorf("finding %s: %d files, %w", artifact, len(files), err)
	}
	return files[0], nil
}

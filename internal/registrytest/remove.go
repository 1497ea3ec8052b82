package registrytest

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// RemoveBlob deletes a layer or a configuration from a repository, behind the back of the manifests that name it.
func RemoveBlob(t testing.TB, repository, digest string) {
	t.Helper()
	remove(t, repository, "blobs/"+digest)
}

// RemoveManifest deletes an image or an index, and with it its tags, from a repository.
func RemoveManifest(t testing.TB, repository, digest string) {
	t.Helper()
	remove(t, repository, "manifests/"+digest)
}

func remove(t testing.TB, repository, path string) {
	t.Helper()
	host, name, _ := strings.Cut(repository, "/")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, "http://"+host+"/v2/"+name+"/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusAccepted {
		t.Fatalf("deleting %s of %s: %s\n%s", path, repository, response.Status, text)
	}
}

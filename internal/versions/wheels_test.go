package versions

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestWheelsBoundPython(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{"uv", "uv.lock", `[[package]]
name = "numpy"
wheels = [
  { url = "https://x.example/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", hash = "sha256:0" },
  { url = "https://x.example/numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", hash = "sha256:0" },
  { url = "https://x.example/numpy-1.26.4-cp313-cp313-win_amd64.whl", hash = "sha256:0" },
]
[[package]]
name = "scipy"
version = "1.10.1"
wheels = [{ url = "https://x.example/scipy-1.10.1-cp38-cp38-manylinux_2_17_x86_64.whl" }]
[[package]]
name = "scipy"
version = "1.15.0"
wheels = [{ url = "https://x.example/scipy-1.15.0-cp313-cp313-manylinux_2_17_x86_64.whl" }]
[[package]]
name = "flask"
wheels = [{ url = "https://x.example/flask-3.0.0-py3-none-any.whl" }]
[[package]]
name = "cryptography"
wheels = [{ url = "https://x.example/cryptography-42.0.0-cp39-abi3-manylinux_2_28_x86_64.whl" }]
[[package]]
name = "source-only"
sdist = { url = "https://x.example/a.tar.gz" }
`, []string{"numpy (uv.lock) <3.13", "scipy (uv.lock) <3.14"}},
		{"Poetry", "poetry.lock", `[[package]]
name = "pydantic-core"
files = [{file = "pydantic_core-2.18.2-cp312-cp312-musllinux_1_1_x86_64.whl", hash = "sha256:0"}, {file = "pydantic_core-2.18.2.tar.gz", hash = "sha256:0"}]
[[package]]
name = "markupsafe"
files = [{file = "MarkupSafe-2.1.5-cp312-cp312-manylinux_2_17_aarch64.manylinux2014_aarch64.whl"}]
[[package]]
name = "both"
files = [{file = "both-1-cp310-cp310-linux_x86_64.whl"}, {file = "both-1-py3-none-any.whl"}]
`, []string{"markupsafe, pydantic-core (poetry.lock) <3.13"}},
		{"PDM", "pdm.lock", "[metadata]\nlock_version = \"4.5.0\"\n[[package]]\nname = \"numpy\"\nfiles = [{file = \"numpy-2.2.3-cp313-cp313-manylinux_2_17_x86_64.whl\"}, {file = \"numpy-2.2.3-cp314-cp314-win32.whl\"}]\n",
			[]string{"numpy (pdm.lock) <3.14"}},
		{"Poetry of long ago", "poetry.lock", "[[package]]\nname = \"lxml\"\n[metadata.files]\nlxml = [{file = \"lxml-4.9.2-1-cp311-cp311-manylinux_2_17_x86_64.whl\"}]\n",
			[]string{"lxml (poetry.lock) <3.12"}},
		{"odd names", "uv.lock", "[[package]]\nname = 1\nwheels = [{url = 2}, {url = \"a-b-cp3-cp3-linux.whl\"}, {url = \"a-b-cp399999999999999999999-cp3-linux.whl\"}]\n", nil},
		{"no TOML", "uv.lock", "[[", nil},
	} {
		found, err := Read(repo{tt.file: tt.text}.tree(t), plan.Vars{}, "python")
		wantBounds(t, tt.name, found, err, tt.want)
	}
}

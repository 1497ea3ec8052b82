package manual

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const code = "// Package a is code. It has\n// a comment.\n//\n//\tcode := 1\npackage a\n\nimport \"fmt\"\n\n" +
	"var list = \"apt arch awk base64 bash cat chmod cut date dd df diff du which who xargs\"\n\nvar short = \"no start\"\n\n" +
	"func f(n int, name string) error {\n\treturn fmt.Errorf(\"reading %q: there are %d of it\"+\"; give \"+name+\" to the program\", name, n)\n}\n"

func TestTextsAndCommentsOfCode(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.go": code, "a_test.go": code, "testdata/b.go": code, "c.yml": "# A remark\n# of two lines.\na:\n  description: It says what.\n  b: 1 # the end\n"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	comments, err := Comments(dir)
	if err != nil || len(comments) != 2 {
		t.Fatalf("%d pages of comments: %v", len(comments), err)
	}
	if diff := cmp.Diff([]string{"Package a is code.", "It has a comment."}, comments[0].Sentences()); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	texts, err := Texts(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"reading CODE: there are CODE of it; give CODE to the program"}, texts[0].Sentences()); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if len(texts[1].Sentences()) != 0 {
		t.Errorf("a test's texts are %q", texts[1].Sentences())
	}
	page, err := Descriptions(dir, "c.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A remark of two lines.", "It says what.", "the end"}, page.Sentences()); diff != "" {
		t.Errorf("descriptions (-want +got):\n%s", diff)
	}
}

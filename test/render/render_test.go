package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest" // jobs that share a comment wait for each other

	"github.com/org/npx-action/test/manual"
)

func TestThePageShowsACommentAsItIs(t *testing.T) { synctest.Test(t, pageShowsAComment) }

func pageShowsAComment(t *testing.T) {
	const name = ".github/docs/comment.md"
	page, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := samples(t.Context(), "../apps")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile("\\[(`[^`]*`)\\]\\([^)]*\\)")
	shown := 0
	for line := range strings.Lines(texts[0].text) {
		if strings.HasPrefix(line, "🔄") || strings.HasPrefix(line, "| setup") && strings.Contains(line, "→") {
			shown++
			if want := "> " + link.ReplaceAllString(line, "$1"); !strings.Contains(string(page), want) {
				t.Errorf("%s lacks\n%s", name, want)
			}
		}
	}
	if shown != 2 {
		t.Errorf("the comment has %d of the lines:\n%s", shown, texts[0].text)
	}
}

func TestPagesAreWritten(t *testing.T) { synctest.Test(t, pagesAreWritten) }

func pagesAreWritten(t *testing.T) {
	dir := t.TempDir()
	if err := run(t.Context(), dir, "../apps", "../../README.md", style{}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"level-0-github.html":        `<div class="markdown-alert markdown-alert-warning">`,
		"monorepo-gitlab.html":       "<h4>",
		"summary-github.html":        `<pre class="mermaid">`,
		"unchanged.md":               "does not change",
		"summary-failed-github.html": "The build failed in install",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheCommentsAreInPlainEnglish(t *testing.T) { synctest.Test(t, commentsArePlain) }

// The words of a comment come from many places. Together they are held to the rule of the pages.
func commentsArePlain(t *testing.T) {
	texts, err := samples(t.Context(), "../apps")
	if err != nil {
		t.Fatal(err)
	}
	sentences := 0
	for _, text := range texts {
		for _, sentence := range (manual.Page{Name: text.name, Text: text.text}).Sentences() {
			sentences++
			for _, fault := range manual.Faults(sentence) {
				t.Errorf("%s: %s: %s", text.name, fault, sentence)
			}
		}
	}
	if sentences < 500 {
		t.Errorf("only %d sentences were found", sentences)
	}
}

func TestAPictureKeepsItsColoursInAPalette(t *testing.T) {
	drawn := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for i := range 64 * 32 {
		drawn.Set(i%64, i/64, color.RGBA{uint8(i), uint8(i >> 3), 0x80, 0xff})
	}
	var text bytes.Buffer
	if err := png.Encode(&text, drawn); err != nil {
		t.Fatal(err)
	}
	small, err := smaller(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(small))
	if _, ok := got.(*image.Paletted); err != nil || !ok || got.Bounds() != drawn.Bounds() {
		t.Fatalf("the picture is a %T of %v: %v", got, got.Bounds(), err)
	}
	for i := range 64 * 32 {
		r, g, _, _ := got.At(i%64, i/64).RGBA()
		if far := max(distance(r, uint8(i)), distance(g, uint8(i>>3))); far > 32 {
			t.Fatalf("pixel %d is %d of 255 off", i, far)
		}
	}
}

func distance(have uint32, want uint8) int {
	return max(int(have>>8)-int(want), int(want)-int(have>>8))
}

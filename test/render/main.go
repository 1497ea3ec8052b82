// Render writes the comments and summaries of sample apps as HTML pages, to be looked at in a browser: the plans are those of
// test/apps, the text is the one that a pull request gets, and the pages look like a forge's as far as their style sheets are at hand.
//
//	go run ./test/render -out DIR [-css github-markdown.css] [-mermaid mermaid.min.js] [-pictures FOLDER [-all]]
//
// The style sheet comes from the npm package github-markdown-css, the script from mermaid. With -pictures Chromium draws the pages of the
// documentation's pictures, in both widths and both colour schemes; with -all every page, README too. `make pictures` renews those of the
// documentation.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("out", "rendered", "directory to write to")
	apps := flag.String("apps", "test/apps", "directory of the sample apps")
	css := flag.String("css", "", "GitHub's style sheet")
	mermaid := flag.String("mermaid", "", "Mermaid's script")
	readme := flag.String("readme", "README.md", "a file to render too")
	pictures := flag.String("pictures", "", "folder for pictures of the documentation's samples")
	all := flag.Bool("all", false, "draw every page")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *out, *apps, *readme, style{*css, *mermaid})
	if err == nil && *pictures != "" {
		err = takePictures(ctx, *out, *pictures, *all)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, apps, readme string, s style) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	texts, err := samples(ctx, apps)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(filepath.Dir(readme))
	if err != nil {
		return err
	}
	texts = append(texts, sample{"readme", strings.ReplaceAll(string(text), `".github/`, `"file://`+root+"/.github/")}) // its pictures
	for _, t := range texts {
		for _, forge := range []string{"github", "gitlab"} {
			page, err := s.page(forge, t)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(out, t.name+"-"+forge+".html"), page, 0o644); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(out, t.name+".md"), []byte(t.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

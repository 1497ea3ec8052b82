package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	gohtml "github.com/yuin/goldmark/renderer/html"
)

// A style is the files that pages look like a forge's by, "" for none.
type style struct{ css, mermaid string }

// markdown is GitHub's dialect. The forges clean the HTML of comments; the samples hold ours alone.
var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions([]renderer.Option{gohtml.WithUnsafe()}...))

// alert is a block that both forges show in colour, which the dialect of the library does not know.
var alert = regexp.MustCompile(`(?s)<blockquote>\s*<p>\[!(WARNING|NOTE|IMPORTANT|CAUTION|TIP)\]\s*(?:</p>)?(.*?)</blockquote>`)

var chart = regexp.MustCompile(`(?s)<pre><code class="language-mermaid">(.*?)</code></pre>`)

// page is a sample as a page of its own.
func (s style) page(forge string, t sample) ([]byte, error) {
	var body bytes.Buffer
	if err := markdown.Convert([]byte(t.text), &body); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", t.name, err)
	}
	text := alert.ReplaceAllStringFunc(body.String(), func(block string) string {
		m := alert.FindStringSubmatch(block)
		kind := strings.ToLower(m[1])
		return fmt.Sprintf(`<div class="markdown-alert markdown-alert-%s"><p class="markdown-alert-title">%s</p>%s</div>`, kind, strings.ToUpper(kind[:1])+kind[1:], m[2])
	})
	text = chart.ReplaceAllString(text, `<pre class="mermaid">$1</pre>`)
	sheet := gitlab
	class := "md"
	if forge == "github" {
		class = "markdown-body"
		sheet = ""
		if s.css != "" {
			text, err := os.ReadFile(s.css)
			if err != nil {
				return nil, err
			}
			sheet = string(text)
		}
	}
	script := ""
	if s.mermaid != "" {
		text, err := os.ReadFile(s.mermaid)
		if err != nil {
			return nil, err
		}
		script = "<script>" + string(text) + "</script><script>mermaid.initialize({theme: dark ? 'dark' : 'default'})</script>"
	}
	return fmt.Appendf(nil, frame, html.EscapeString(t.name), sheet, class, text, script), nil
}

// frame is a page: title, style sheet, class of the text, text, scripts. GitHub's style sheet follows the browser's colours, so that a
// page is dark for a browser that is; ?dark and ?open are for those that are not, and for what is folded.
const frame = `<!doctype html>
<html><head><meta charset="utf-8"><title>%s</title>
<style>%s
body { margin: 0; padding: 24px; }
.markdown-body, .md { border: 1px solid #8884; border-radius: 6px; padding: 16px; max-width: 850px; margin: auto; }
</style>
<script>
const dark = matchMedia('(prefers-color-scheme: dark)').matches
document.documentElement.style.background = dark ? '#0d1117' : '#fff'
addEventListener('DOMContentLoaded', () => {
  if (location.search.includes('open')) document.querySelectorAll('details').forEach(d => d.open = true)
})
</script></head>
<body><article class="%s">%s</article>%s</body></html>
`

// gitlab is close to the style of GitLab's notes, which is not published as a package.
const gitlab = `
.md { font: 14px/1.5 "GitLab Sans", system-ui, sans-serif; color: #28272d; background: #fff; }
.md h3 { font-size: 17px; margin: 0 0 12px; } .md h4 { font-size: 15px; margin: 16px 0 8px; }
.md p, .md ul { margin: 0 0 12px; } .md ul { padding-left: 24px; }
.md code { font: 90% "GitLab Mono", monospace; background: #ececef; color: #18171d; border-radius: 4px; padding: 2px 4px; word-wrap: break-word; }
.md pre { background: #fbfafd; border: 1px solid #dcdcde; border-radius: 4px; padding: 8px 12px; overflow: auto; } .md pre code { background: none; padding: 0; }
.md table { border-collapse: collapse; display: block; overflow: auto; margin: 0 0 12px; }
.md th, .md td { border: 1px solid #dcdcde; padding: 8px 12px; text-align: left; } .md th { border-bottom-width: 2px; font-weight: 600; }
.md a { color: #2f5ca0; text-decoration: none; } .md summary { cursor: pointer; }
.md .markdown-alert { border-left: 4px solid #ab6100; background: #fdf1dd; padding: 8px 12px; margin: 0 0 12px; border-radius: 4px; }
.md .markdown-alert-title { font-weight: 600; margin: 0 0 4px; }
`

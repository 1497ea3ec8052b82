package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pictured are the samples with a picture in the documentation, by the name of the picture. A summary has no narrow one.
var pictured = []struct {
	sample, name string
	widths       []int
}{
	{"request-version-bump", "version-bump", []int{900, 400}},
	{"request-new-package", "new-package", []int{900, 400}},
	{"request-start-command", "start-command", []int{900, 400}},
	{"request-dependencies", "dependencies", []int{900, 400}},
	{"request-nothing", "nothing", []int{900, 400}},
	{"request-broken", "broken", []int{900, 400}},
	{"request-first", "first", []int{900, 400}},
	{"monorepo", "monorepo", []int{900, 400}},
	{"summary", "summary", []int{900}},
}

// takePictures has a browser draw the pages in dir, in both colour schemes, into the folder of pictures. With all it draws every page, not only
// those of the documentation.
func takePictures(ctx context.Context, dir, folder string, all bool) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	b, err := startBrowser(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	list := slices.Clone(pictured)
	if all {
		pages, err := filepath.Glob(filepath.Join(dir, "*-github.html"))
		if err != nil {
			return err
		}
		list = list[:0]
		for _, page := range pages {
			name := strings.TrimSuffix(filepath.Base(page), "-github.html")
			list = append(list, pictured[0])
			list[len(list)-1].sample, list[len(list)-1].name = name, name
		}
	}
	for _, p := range list {
		page, err := filepath.Abs(filepath.Join(dir, p.sample+"-github.html"))
		if err != nil {
			return err
		}
		for _, width := range p.widths {
			for _, scheme := range []string{"light", "dark"} {
				png, err := b.picture("file://"+page, width, scheme)
				if err != nil {
					return fmt.Errorf("drawing %s: %w", p.name, err)
				}
				if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", p.name, width, scheme)), png, 0o644); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// A browser is Chromium, spoken to over two pipes in the protocol of its developer tools: JSON, each message with a NUL behind it.
type browser struct {
	cmd     *exec.Cmd
	profile string
	to      io.WriteCloser
	from    *bufio.Reader
	calls   int
	session string
}

func startBrowser(ctx context.Context) (*browser, error) {
	profile, err := os.MkdirTemp("", "render-*")
	if err != nil {
		return nil, err
	}
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	b := &browser{profile: profile, to: ourOut, from: bufio.NewReader(ourIn)}
	b.cmd = exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--disable-background-networking", "--user-data-dir="+profile, "--remote-debugging-pipe")
	b.cmd.ExtraFiles = []*os.File{theirIn, theirOut} // file descriptors 3 and 4
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	theirIn.Close()
	theirOut.Close()
	var target struct{ TargetID string }
	var attached struct{ SessionID string }
	err = b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	if err == nil {
		err = b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	}
	if err != nil {
		b.close()
		return nil, fmt.Errorf("starting chromium: %w", err)
	}
	b.session = attached.SessionID
	return b, nil
}

func (b *browser) close() {
	b.to.Close()
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
	os.RemoveAll(b.profile)
}

// call sends one request and reads up to its answer. Events in between are left out.
func (b *browser) call(method string, params, result any) error {
	b.calls++
	request, err := json.Marshal(map[string]any{"id": b.calls, "method": method, "params": params, "sessionId": b.session})
	if err != nil {
		return err
	}
	if b.session == "" {
		request = []byte(strings.Replace(string(request), `,"sessionId":""`, "", 1))
	}
	if _, err := b.to.Write(append(request, 0)); err != nil {
		return err
	}
	for {
		text, err := b.from.ReadBytes(0)
		if err != nil {
			return err
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		switch err := json.Unmarshal(text[:len(text)-1], &answer); {
		case err != nil:
			return err
		case answer.ID != b.calls:
			continue
		case answer.Error != nil:
			return errors.New(method + ": " + answer.Error.Message)
		}
		return json.Unmarshal(answer.Result, result)
	}
}

// drawn waits until a page and its charts are complete, and is the height of the page.
const drawn = `(async () => {
  if (document.readyState != 'complete') await new Promise(done => addEventListener('load', done))
  await document.fonts.ready
  for (let i = 0; i < 100 && document.querySelector('pre.mermaid:not(:has(svg))') && window.mermaid; i++) await new Promise(done => setTimeout(done, 100))
  return Math.ceil(document.querySelector('article').getBoundingClientRect().bottom + scrollY + 24)
})()`

// patience bounds one picture.
const patience = 30 * time.Second

func (b *browser) picture(url string, width int, scheme string) ([]byte, error) {
	timer := time.AfterFunc(patience, func() { _ = b.cmd.Process.Kill() })
	defer timer.Stop()
	var none struct{}
	for _, c := range []struct {
		method string
		params map[string]any
	}{
		{"Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false}},
		{"Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}},
		{"Page.navigate", map[string]any{"url": url}},
	} {
		if err := b.call(c.method, c.params, &none); err != nil {
			return nil, err
		}
	}
	var height struct{ Result struct{ Value float64 } }
	if err := b.call("Runtime.evaluate", map[string]any{"expression": drawn, "awaitPromise": true, "returnByValue": true}, &height); err != nil {
		return nil, err
	}
	if height.Result.Value == 0 {
		return nil, errors.New("the page has no height")
	}
	var shot struct{ Data string }
	clip := map[string]any{"x": 0, "y": 0, "width": width, "height": height.Result.Value, "scale": 1}
	if err := b.call("Page.captureScreenshot", map[string]any{"format": "png", "clip": clip, "captureBeyondViewport": true}, &shot); err != nil {
		return nil, err
	}
	text, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		return nil, err
	}
	return smaller(text)
}

package builder

import (
	"context"
	"fmt"
	"io"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/util/progress/progressui"
)

// Progress says where and how a build is shown.
type Progress struct {
	Writer io.Writer // nil shows nothing
	Mode   string    // "auto" ("" too): tty on a terminal, else plain; "plain", "tty" or "quiet"
	// Filter, if set, stands between what is shown and Writer. What steps print is text from outside: a CI system that takes
	// commands from its log needs it disarmed. With a filter there is no terminal, and so no mode tty.
	Filter func(io.Writer) io.Writer
	Step   func(Step) // called when a step has completed, if set; in order, from one goroutine
}

// Check finds an unknown mode, and a mode that Writer is not fit for, without showing anything.
func (p Progress) Check() error {
	_, err := newDisplay(p)
	return err
}

type display struct {
	ui   progressui.Display
	step func(Step)
}

func newDisplay(p Progress) (*display, error) {
	mode, w := progressui.DisplayMode(p.Mode), p.Writer
	if w == nil || mode == progressui.QuietMode {
		mode, w = progressui.QuietMode, io.Discard
	}
	if mode == progressui.RawJSONMode {
		return nil, fmt.Errorf("unknown progress mode %q; use auto, plain, tty or quiet", p.Mode)
	}
	if p.Filter != nil {
		if mode == progressui.TtyMode {
			mode = progressui.PlainMode
		}
		w = p.Filter(w)
	}
	ui, err := progressui.NewDisplay(w, mode)
	if err != nil && mode == progressui.TtyMode {
		return nil, fmt.Errorf("progress mode tty needs a terminal: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("unknown progress mode %q; use auto, plain, tty or quiet", p.Mode)
	}
	return &display{ui: ui, step: p.Step}, nil
}

// follow shows what comes until the channel is closed; update sees it first and returns the steps that it completes.
func (d *display) follow(in <-chan *client.SolveStatus, update func(*client.SolveStatus) []Step) {
	out := make(chan *client.SolveStatus)
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Not ended by a context: what has happened is shown until the end, and the sender must never block.
		_, _ = d.ui.UpdateFrom(context.Background(), out)
	}()
	for s := range in {
		for _, step := range update(s) {
			if d.step != nil {
				d.step(step)
			}
		}
		out <- s
	}
	close(out)
	<-done
}

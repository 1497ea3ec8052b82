package build

import (
	"cmp"
	"context"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/registry"
)

// A World is what a build reaches outside of itself, and whom it tells.
type World struct {
	Registry *registry.Client
	Keys     *registry.Keychain // that the builder pulls and pushes with
	Connect  func(context.Context, builder.Options) (Builder, error)
	Guard    *egress.Guard // refuses what holds a secret
	Claim    *Claim        // to the image's names; nil if they are nobody else's to give
	Progress builder.Progress
	Say      func(kind, text string) // a line such as "warning: ..."
}

// A Builder is a connection to a BuildKit, such as [builder.Conn].
type Builder interface {
	Solve(context.Context, builder.Request) (builder.Result, error)
	Info() builder.Info
	Empty(context.Context) (bool, error)
	Close() error
}

// solver is all that most of a build needs of a [Builder].
type solver interface {
	Solve(context.Context, builder.Request) (builder.Result, error)
}

// Dial connects to a builder as [builder.Connect] does.
func Dial(ctx context.Context, o builder.Options) (Builder, error) {
	conn, err := builder.Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// warn says a warning that ends with the text of an error.
func (w World) warn(text string, err error) { w.Say("warning", text+err.Error()) }

// builderOptions say where to build for a platform.
func (t target) builderOptions() builder.Options {
	o := t.Builder
	o.Host = cmp.Or(t.Address, o.Host)
	return o
}

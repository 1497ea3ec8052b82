package egress

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/forge"
	"github.com/org/npx-action/internal/secret"
)

const value = "correct-horse/battery+staple"

func guard() *Guard {
	return New([]Value{{"the input token", value}, {"the input password", value}, {"the input short", "seven77"}})
}

// forms are texts that give the value away.
func forms() map[string]string {
	return map[string]string{
		"as it is":               "a " + value + " b",
		"in JSON":                `{"a":["b",{"c":"` + value + `"}]}`,
		"base64":                 base64.StdEncoding.EncodeToString([]byte(value)),
		"base64 behind one byte": base64.StdEncoding.EncodeToString([]byte(":" + value)),
		"base64 of a login":      base64.RawURLEncoding.EncodeToString([]byte("me:" + value)),
		"percent-encoded":        url.QueryEscape(value),
		"in Markdown":            strings.ReplaceAll(value, "-", `\-`),
		"in HTML":                strings.ReplaceAll(value, "+", "&#43;"),
		"parted by tags":         strings.ReplaceAll(value, "-", "-<b></b>"),
		"parted by nothing":      strings.ReplaceAll(value, "-", "-\u200b"),
	}
}

func TestCheckFindsAValueInEveryForm(t *testing.T) {
	for name, text := range forms() {
		g := guard()
		err := g.Check("the plan", text)
		var leak *secret.LeakError
		if !errors.As(err, &leak) || leak.ExitStatus() != 1 || !strings.Contains(err.Error(), "the input token is in the plan") {
			t.Errorf("%s: %v", name, err)
		}
		if g.Err() == nil || strings.Contains(g.Err().Error(), "horse") {
			t.Errorf("%s: the guard remembers %v", name, g.Err())
		}
	}
	g := guard()
	if err := errors.Join(g.Check("the plan", "correct horse, seven77"), g.Err()); err != nil {
		t.Errorf("another text: %v", err)
	}
	if err := g.Check("the plan", `{"a":["b",{"c":"`+value+`"}]}`); err == nil || !strings.HasSuffix(err.Error(), "the plan: a[1].c") {
		t.Errorf("the place is %v", err)
	}
}

func TestAGuardOfNothingIsNoHindrance(t *testing.T) {
	for _, g := range []*Guard{nil, New(nil), New([]Value{{"short", "x"}})} {
		err := errors.New(value)
		if g.Guards() || g.Check("a", value) != nil || g.Err() != nil || g.Hide(value) != value || !errors.Is(g.HideError(err), err) || g.Writer(io.Discard) != io.Discard {
			t.Errorf("%+v", g)
		}
	}
}

func TestEveryValueOfAKindIsLookedFor(t *testing.T) {
	g := New([]Value{{"a password", "first-one"}, {"a password", "second-one"}, {"a password", "third-one"}})
	for _, text := range []string{"first-one", "second-one", "third-one"} {
		if g.Check("x", text) == nil {
			t.Errorf("%s passes", text)
		}
	}
}

func TestAHiddenErrorIsTheSameError(t *testing.T) {
	cause := &secret.LeakError{}
	err := guard().HideError(errors.Join(errors.New("no "+value), cause))
	if !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "no ***") {
		t.Errorf("%v", err)
	}
}

// A note is a sink that notes what reaches it.
type note struct{ strings.Builder }

func (n *note) Output(name, value string) error   { n.WriteString(name + value); return nil }
func (n *note) Summary(markdown string) error     { n.WriteString(markdown); return nil }
func (n *note) Mask(secret string)                { n.WriteString("mask " + secret) }
func (n *note) Notice(msg string)                 { n.WriteString(msg) }
func (n *note) Warning(msg string)                { n.WriteString(msg) }
func (n *note) Error(msg string)                  { n.WriteString(msg) }
func (n *note) Log(f func(io.Writer) error) error { return f(n) }

func TestASinkRefusesResultsAndHidesMessages(t *testing.T) {
	for name, text := range forms() {
		g, n := guard(), &note{}
		s := g.Sink(n)
		if s.Output("plan-diff", text) == nil || s.Summary(text) == nil {
			t.Errorf("%s: a result passes", name)
		}
		if n.Len() > 0 {
			t.Errorf("%s: passed: %s", name, n)
		}
		for _, say := range []func(string){s.Notice, s.Warning, s.Error} {
			g, n := guard(), n
			n.Reset()
			_ = g
			say("no " + text)
			if n.Len() == 0 || (g.Hide(n.String()) != n.String()) {
				t.Errorf("%s: said %s", name, n)
			}
		}
		if g.Err() == nil {
			t.Errorf("%s: the job does not fail", name)
		}
	}
}

func TestALogGoesOnWithoutValues(t *testing.T) {
	g, n := guard(), &note{}
	err := g.Sink(n).Log(func(w io.Writer) error {
		for _, piece := range strings.SplitAfter("#1 "+value+"\n#2 "+value, "e") {
			if _, err := io.WriteString(w, piece); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || n.String() != "#1 ***\n#2 ***" || g.Err() != nil {
		t.Errorf("%v, %v: %q", err, g.Err(), n)
	}
	n.Reset()
	if g.Sink(n).Mask(value); n.String() != "mask "+value {
		t.Errorf("the runner is not told: %q", n)
	}
}

// A talk is a conversation that notes its comments.
type talk struct {
	forge.Thread
	said []string
}

func (t *talk) Create(_ context.Context, body string) (forge.Comment, error) {
	t.said = append(t.said, body)
	return forge.Comment{}, nil
}

func (t *talk) Update(_ context.Context, _ int64, body string) (forge.Comment, error) {
	t.said = append(t.said, body)
	return forge.Comment{}, nil
}

func TestAConversationIsGuarded(t *testing.T) {
	g, inner := guard(), &talk{}
	thread := g.Thread(inner)
	_, err1 := thread.Create(t.Context(), "a "+value)
	_, err2 := thread.Update(t.Context(), 1, "a "+value)
	if err1 == nil || err2 == nil || len(inner.said) > 0 || g.Err() == nil {
		t.Errorf("%v, %v, said %q", err1, err2, inner.said)
	}
	if _, err := thread.Create(t.Context(), "clean"); err != nil || len(inner.said) != 1 {
		t.Errorf("%v, said %q", err, inner.said)
	}
}

// A build is a builder that notes its requests.
type build struct {
	asked []builder.Request
	err   error
}

func (b *build) Solve(_ context.Context, req builder.Request) (builder.Result, error) {
	b.asked = append(b.asked, req)
	return builder.Result{}, b.err
}

func TestABuilderIsAskedForNothingThatHoldsAValue(t *testing.T) {
	step, err := llb.Image("base").Run(llb.Args([]string{"echo", value})).Marshal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, req := range map[string]builder.Request{
		"a step of the build":         {Definition: step},
		"the image's configuration":   {ImageConfig: []byte(`{"config":{"Labels":{"a":"` + value + `"}}}`)},
		"the attestation plan.json":   {Attestations: []builder.Attestation{{Name: "plan.json", Content: []byte(value)}}},
		"a name of the image":         {Exports: []builder.Export{{Kind: builder.Push, Refs: []string{"r.io/" + value + ":1"}}}},
		"an annotation":               {Exports: []builder.Export{{Attrs: map[string]string{"annotation.a": value}}}},
		"the name of the cache":       {CacheExports: []builder.Cache{{Ref: "r.io/" + value}}},
		"an option of the cache":      {CacheExports: []builder.Cache{{Attrs: map[string]string{"x": value}}}},
		"an option of the build":      {FrontendAttrs: map[string]string{"x": value}},
		"the provenance":              {BuilderID: "https://f.example/" + value},
		"the build context: f":        {Contexts: map[string]builder.Context{"app": {Files: map[string]string{"f": "x" + value}}}},
		"the build context: ***":      {Contexts: map[string]builder.Context{"app": {Files: map[string]string{strings.ReplaceAll(value, "/", "%2F"): ""}}}},
		"a name of the image (state)": {Byproducts: []builder.Byproduct{{Export: builder.Export{Refs: []string{value}}}}},
	} {
		place, _, _ := strings.Cut(name, " (")
		b := &build{}
		_, err := guard().Solver(b).Solve(t.Context(), req)
		if err == nil || len(b.asked) > 0 || !strings.Contains(err.Error(), "the input token is in "+place) {
			t.Errorf("%s: %v, asked %d times", name, err, len(b.asked))
		}
	}
}

func TestABuildIsShownWithoutValues(t *testing.T) {
	b := &build{err: errors.New("failed: " + value)}
	made := builder.Attestation{Name: "sbom.spdx.json", Content: []byte(`{"name":"` + value + `"}`)}
	inventory := &builder.Inventory{Attest: func([][]byte, error) (builder.Attestation, error) { return made, nil }}
	_, err := guard().Solver(b).Solve(t.Context(), builder.Request{Inventory: inventory})
	if err == nil || err.Error() != "failed: ***" || len(b.asked) != 1 {
		t.Fatalf("%v, asked %d times", err, len(b.asked))
	}
	if got := b.asked[0].Redact("a " + value); got != "a ***" {
		t.Errorf("the output of a step is shown as %q", got)
	}
	if _, err := b.asked[0].Inventory.Attest(nil, nil); err == nil || !strings.Contains(err.Error(), "the attestation sbom.spdx.json: name") {
		t.Errorf("a bill of materials: %v", err)
	}
}

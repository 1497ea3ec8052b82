package lower

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
)

// customName is the key under which LLB keeps the name of an operation.
const customName = "llb.customname"

// Dump returns a definition as text: one operation a paragraph, numbered from 1, in an order in which they can run, the
// last being the result. It leaves out the platform, [Options.BuildID], and the flags that are the same in every copy.
func Dump(def *llb.Definition) (string, error) {
	d := dumper{numbers: map[string]int{}}
	for i, dt := range def.Def[:max(0, len(def.Def)-1)] { // the last one only points to the result
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return "", fmt.Errorf("reading operation %d: %w", i+1, err)
		}
		dgst := digest.FromBytes(dt)
		d.numbers[string(dgst)] = i + 1
		fmt.Fprintf(&d.out, "%d %s\n", i+1, d.head(&op))
		if name := def.Metadata[dgst].Description[customName]; name != "" {
			d.line("name %q", name)
		}
		d.body(&op)
	}
	return d.out.String(), nil
}

// A dumper knows the operations that it has written.
type dumper struct {
	out     strings.Builder
	numbers map[string]int // by digest
}

func (d *dumper) line(format string, args ...any) {
	d.out.WriteString("  " + fmt.Sprintf(format, args...) + "\n")
}

// input returns the number of an operation's i-th input, or "scratch".
func (d *dumper) input(op *pb.Op, i int64) string {
	if i < 0 || i >= int64(len(op.Inputs)) {
		return "scratch"
	}
	if n := op.Inputs[i].Index; n > 0 {
		return fmt.Sprintf("%d#%d", d.numbers[op.Inputs[i].Digest], n) // an output but the first
	}
	return fmt.Sprint(d.numbers[op.Inputs[i].Digest])
}

// head returns the kind of an operation and what it works on.
func (d *dumper) head(op *pb.Op) string {
	switch o := op.Op.(type) {
	case *pb.Op_Source:
		return "source " + o.Source.Identifier
	case *pb.Op_Exec:
		return "exec on " + d.input(op, o.Exec.Mounts[0].Input)
	case *pb.Op_File:
		return "file on " + d.input(op, o.File.Actions[0].Input)
	case *pb.Op_Diff:
		return "diff from " + d.input(op, o.Diff.Lower.Input) + " to " + d.input(op, o.Diff.Upper.Input)
	case *pb.Op_Merge:
		var inputs []string
		for _, in := range o.Merge.Inputs {
			inputs = append(inputs, d.input(op, in.Input))
		}
		return "merge " + strings.Join(inputs, " ")
	default:
		return fmt.Sprintf("%T", o)
	}
}

func (d *dumper) body(op *pb.Op) {
	switch o := op.Op.(type) {
	case *pb.Op_Source:
		for _, key := range slices.Sorted(maps.Keys(o.Source.Attrs)) {
			if key != pb.AttrLocalUniqueID {
				d.line("%s %s", key, o.Source.Attrs[key])
			}
		}
	case *pb.Op_Exec:
		d.exec(op, o.Exec)
	case *pb.Op_File:
		for _, a := range o.File.Actions {
			d.action(op, a)
		}
	}
}

func (d *dumper) exec(op *pb.Op, e *pb.ExecOp) {
	d.line("args %q", e.Meta.Args)
	d.line("in %s", e.Meta.Cwd)
	if e.Meta.User != "" {
		d.line("user %s", e.Meta.User)
	}
	if e.Network != pb.NetMode_UNSET {
		d.line("network %s", strings.ToLower(e.Network.String()))
	}
	for _, kv := range e.Meta.Env {
		name, value, _ := strings.Cut(kv, "=")
		d.line("env %s=%q", name, value)
	}
	for _, s := range e.Secretenv {
		d.line("secret %s as variable %s", s.ID, s.Name)
	}
	for _, m := range e.Mounts[1:] {
		switch m.MountType {
		case pb.MountType_CACHE:
			d.line("cache %s at %s, %s", m.CacheOpt.ID, m.Dest, strings.ToLower(m.CacheOpt.Sharing.String()))
		case pb.MountType_SECRET:
			optional := ""
			if m.SecretOpt.Optional {
				optional = ", optional"
			}
			d.line("secret %s at %s, mode %04o%s", m.SecretOpt.ID, m.Dest, m.SecretOpt.Mode, optional)
		default:
			readonly := ""
			if m.Readonly {
				readonly = ", read-only"
			}
			d.line("mount %s of %s at %s%s", m.Selector, d.input(op, m.Input), m.Dest, readonly)
		}
	}
}

func (d *dumper) action(op *pb.Op, action *pb.FileAction) {
	switch a := action.Action.(type) {
	case *pb.FileAction_Copy:
		d.line("copy %q of %s to %q", a.Copy.Src, d.input(op, action.SecondaryInput), a.Copy.Dest)
	case *pb.FileAction_Mkdir:
		owner := ""
		if name := a.Mkdir.Owner.GetUser().GetByName().GetName(); name != "" {
			owner = ", owner " + name
		} else if id := a.Mkdir.Owner.GetUser().GetByID(); id != 0 {
			owner = fmt.Sprintf(", owner %d", id)
		}
		d.line("mkdir %s, mode %04o%s", a.Mkdir.Path, a.Mkdir.Mode, owner)
	default:
		d.line("%T", a)
	}
}

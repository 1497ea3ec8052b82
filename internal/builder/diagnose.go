package builder

import (
	"errors"
	"strconv"
	"strings"

	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/errdefs"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/grpcerrors"
	"github.com/opencontainers/go-digest"
	"google.golang.org/grpc/codes"

	"github.com/org/npx-action/internal/lazyregexp"
)

// pushed matches what the daemon says about a push.
var pushed = lazyregexp.New(`failed to push (\S+): `)

// exitCode matches what an engine's old BuildKit says of a command that failed.
var exitCode = lazyregexp.New(`exit code: (\d{1,3})$`)

// diagnose turns an error of the daemon into one of this package's types, or returns nil. The daemon keeps the types of errors
// in steps; errors of registries come as text.
func diagnose(err error, steps *tracker) error {
	if v, ok := errors.AsType[*errdefs.VertexError](err); ok {
		return diagnoseStep(err, digest.Digest(v.Digest), steps)
	}
	text := brief(err)
	if m := pushed.FindStringSubmatch(text.Error()); m != nil {
		return registryError("pushing", m[1], strings.TrimPrefix(text.Error(), m[0]))
	}
	if failure := steps.failed(cacheExportName); failure != "" {
		return registryError("exporting the cache to", "", brief(errors.New(failure)).Error())
	}
	return nil
}

func diagnoseStep(err error, d digest.Digest, steps *tracker) error {
	op := steps.ops[d]
	if ref, ok := strings.CutPrefix(op.GetSource().GetIdentifier(), "docker-image://"); ok {
		return registryError("pulling", ref, brief(err).Error())
	}
	if url := op.GetSource().GetIdentifier(); strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://") {
		return archiveError(url, brief(err))
	}
	step := &StepError{Name: steps.name(d), Command: command(op), Tail: steps.lastLines(d), Err: brief(err)}
	if step.Name == "" {
		step.Name = step.Command
	}
	if exit, ok := errors.AsType[*gatewaypb.ExitError](err); ok {
		step.ExitCode = int(exit.ExitCode)
	} else if m := exitCode.FindStringSubmatch(step.Err.Error()); m != nil {
		step.ExitCode, _ = strconv.Atoi(m[1])
	}
	return step
}

// command is what a step runs, as a shell would be told; only what its shell is told, if it runs one.
func command(op *pb.Op) string {
	args := op.GetExec().GetMeta().GetArgs()
	if n := len(args); n >= 3 && strings.HasPrefix(args[n-2], "-") && strings.HasSuffix(args[n-2], "c") {
		return args[n-1]
	}
	return strings.Join(args, " ")
}

func registryError(action, ref, text string) error {
	return &RegistryError{Action: action, Ref: ref, Err: errors.New(text),
		Denied: says(text, "401 unauthorized", "403 forbidden", "insufficient_scope", "authorization failed", "denied",
			"no basic auth credentials", "authentication required"),
		Untrusted: says(text, "x509: "),
		Immutable: action == "pushing" && says(text, "immutable", "immutability", "cannot be overwritten"),
		NotFound:  says(text, "404 not found", ": not found", "manifest unknown", "name unknown")}
}

func says(text string, phrases ...string) bool {
	text = strings.ToLower(text)
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// unreachable reports whether err is about the connection and not about the build.
func unreachable(err error) bool {
	switch grpcerrors.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded:
		return true
	}
	return false
}

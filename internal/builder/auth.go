package builder

import (
	"context"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/session/auth"
	"google.golang.org/grpc"
)

// An authServer answers the daemon's questions for credentials from memory. It does not fetch tokens: the methods that it leaves
// unimplemented make the daemon do so, with the certificates that it trusts.
type authServer struct {
	auth.UnimplementedAuthServer
	credentials Credentials
	repos       map[string]string // host to the repository there that the build writes to
}

func newAuth(req Request) *authServer {
	a := &authServer{credentials: req.Credentials, repos: map[string]string{}}
	for _, e := range req.Exports {
		if e.Kind == Push {
			a.know(e.Refs...)
		}
	}
	for _, c := range req.CacheExports {
		a.know(c.Ref)
	}
	for _, c := range req.CacheImports {
		a.know(c.Ref)
	}
	return a
}

// hubHost is the host for which the daemon asks where an image is on docker.io.
const hubHost = "registry-1.docker.io"

// know keeps the first repository of each host: the daemon asks by host, and credentials may be for a part of it.
func (a *authServer) know(refs ...string) {
	for _, ref := range refs {
		named, err := reference.ParseNormalizedNamed(ref)
		if err != nil {
			continue
		}
		host := reference.Domain(named)
		if host == "docker.io" {
			host = hubHost
		}
		if a.repos[host] == "" {
			a.repos[host] = named.Name()
		}
	}
}

// Register implements the session's interface.
func (a *authServer) Register(s *grpc.Server) { auth.RegisterAuthServer(s, a) }

// Credentials implements the auth service. The daemon sends them to the host that it asks for, and to where tokens for that host come from:
// so they are for exactly that one.
func (a *authServer) Credentials(ctx context.Context, req *auth.CredentialsRequest) (*auth.CredentialsResponse, error) {
	resp := &auth.CredentialsResponse{}
	if a.credentials == nil {
		return resp, nil
	}
	repo := a.repos[req.Host]
	if repo == "" {
		repo = req.Host
	}
	var err error
	resp.Username, resp.Secret, err = a.credentials.Credentials(ctx, repo)
	return resp, err
}

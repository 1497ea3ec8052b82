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

// know keeps the first repository of each host: the daemon asks by host, and credentials may be for a part of it.
func (a *authServer) know(refs ...string) {
	for _, ref := range refs {
		named, err := reference.ParseNormalizedNamed(ref)
		if err != nil {
			continue
		}
		if host := reference.Domain(named); a.repos[host] == "" {
			a.repos[host] = named.Name()
		}
	}
}

// Register implements the session's interface.
func (a *authServer) Register(s *grpc.Server) { auth.RegisterAuthServer(s, a) }

// Credentials implements the auth service.
func (a *authServer) Credentials(ctx context.Context, req *auth.CredentialsRequest) (*auth.CredentialsResponse, error) {
	resp := &auth.CredentialsResponse{}
	if a.credentials == nil {
		return resp, nil
	}
	host := req.Host
	if host == "registry-1.docker.io" {
		host = "docker.io"
	}
	repo := a.repos[host]
	if repo == "" {
		repo = host
	}
	var err error
	resp.Username, resp.Secret, err = a.credentials.Credentials(ctx, repo)
	return resp, err
}

//go:build world

package builder_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// A pair is a certificate that signs itself, good for any use on one address, and its key.
type pair struct{ cert, key []byte }

func newPair(t *testing.T, ip string) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(ip)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})}
}

func (p pair) tls(t *testing.T) tls.Certificate {
	t.Helper()
	c, err := tls.X509KeyPair(p.cert, p.key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (p pair) write(t *testing.T) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := errors.Join(os.WriteFile(cert, p.cert, 0o600), os.WriteFile(key, p.key, 0o600)); err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestCustomCAIsTrustedForPushes(t *testing.T) {
	// This address reaches this machine too, but is no loopback one: the daemon insists on a certificate.
	const ip = "0.0.0.0"
	p := newPair(t, ip)
	srv := httptest.NewUnstartedServer(registrytest.New())
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{p.tls(t)}}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	req := builder.Request{Definition: file(t, "/a", "a"), Exports: []builder.Export{{Kind: builder.Push, Refs: []string{ip + ":" + port + "/app:1"}}}}
	_, err = shared(t).Solve(t.Context(), req)
	if e, ok := errors.AsType[*builder.RegistryError](err); !ok || !e.Untrusted || e.ExitStatus() != 1 || !strings.Contains(err.Error(), "certificate of its CA") {
		t.Errorf("without the CA: %v", err)
	}
	solve(t, own(t, builder.Options{CustomCA: p.cert}), req)
	solve(t, own(t, builder.Options{Insecure: []string{ip + ":" + port}}), req)
}

// secure puts TLS that demands a client's certificate in front of a socket.
func secure(t *testing.T, socket string, server, client pair) string {
	t.Helper()
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM(client.cert)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{server.tls(t)}, ClientCAs: clients,
		ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer in.Close()
				out, err := net.Dial("unix", socket)
				if err != nil {
					return
				}
				defer out.Close()
				go func() { _, _ = io.Copy(out, in) }()
				_, _ = io.Copy(in, out)
			}()
		}
	}()
	return "tcp://" + l.Addr().String()
}

func TestConnectByTLS(t *testing.T) {
	server, client := newPair(t, "127.0.0.1"), newPair(t, "127.0.0.1")
	host := secure(t, strings.TrimPrefix(shared(t).Info().Address, "unix://"), server, client)
	ca, _ := server.write(t)
	cert, key := client.write(t)
	c, err := builder.Connect(t.Context(), builder.Options{Host: host, TLS: builder.TLS{CA: ca, Cert: cert, Key: key}})
	if err != nil {
		t.Fatal(err)
	}
	solve(t, c, builder.Request{Definition: file(t, "/a", "a")})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for name, o := range map[string]builder.TLS{
		"no certificate": {CA: ca}, "another CA": {CA: cert, Cert: cert, Key: key},
		"the system's CAs": {Cert: cert, Key: key}, "another name": {CA: ca, Cert: cert, Key: key, ServerName: "other.example"},
	} {
		_, err := builder.Connect(t.Context(), builder.Options{Host: host, TLS: o, Timeout: time.Minute})
		if _, ok := errors.AsType[*builder.UnreachableError](err); !ok || !strings.Contains(err.Error(), "tls: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package build

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

// certificate is the PEM block of a certificate with these bytes: no one here looks into it.
func certificate(content string) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte(content)}))
}

func TestMergeKeepsEachCertificateOnce(t *testing.T) {
	a, b, c := certificate("a"), certificate("b"), certificate("c")
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")}))
	commented := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Headers: map[string]string{"Name": "a"}, Bytes: []byte("a")}))
	tests := []struct {
		name    string
		bundles []string
		want    string
		count   int
	}{
		{"nothing", nil, "", 0},
		{"empty bundles", []string{"", "no PEM\n"}, "", 0},
		{"order", []string{b + a, c}, b + a + c, 3},
		{"twice in one bundle and in two", []string{a + b + a, b + c}, a + b + c, 3},
		{"comments and headers", []string{"# authority\n" + commented + "\ntext\n" + b}, a + b, 2},
		{"without a line break at the end", []string{strings.TrimSpace(a), b}, a + b, 2},
		{"keys", []string{key + a + key}, a, 1},
		{"broken block", []string{"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n" + a}, a, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var bundles [][]byte
			for _, b := range tt.bundles {
				bundles = append(bundles, []byte(b))
			}
			got, count := mergePEM(bundles...)
			if string(got) != tt.want || count != tt.count {
				t.Errorf("got %d certificates, want %d:\n%s", count, tt.count, got)
			}
		})
	}
}

func TestCertificatesAreThoseOfTheFileWithTheSystems(t *testing.T) {
	dir := t.TempDir()
	p := Environment{Dir: dir}
	if own, bundle, err := p.certificates("", ""); own != nil || bundle != nil || err != nil {
		t.Errorf("without a file: %q, %q, %v", own, bundle, err)
	}
	pemFile(t, dir, "own.pem", certificate("own"))
	own, bundle, err := p.certificates("", "own.pem")
	if err != nil {
		t.Fatal(err)
	}
	if string(own) != certificate("own") || !bytes.HasSuffix(bundle, own) {
		t.Errorf("got %q and %q", own, bundle)
	}
	if _, _, err := p.certificates("", filepath.Join(dir, "own.pem")); err != nil {
		t.Errorf("absolute: %v", err)
	}
}

func TestCertificatesThatAreNoneAreWrongUsage(t *testing.T) {
	dir := t.TempDir()
	p := Environment{Dir: dir}
	pemFile(t, dir, "empty.pem", "")
	pemFile(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("a")})))
	pemFile(t, dir, "large.pem", certificate(strings.Repeat("a", maxBundle)))
	for name, want := range map[string]string{
		"missing.pem": "reading CA certificates missing.pem: no such file or directory",
		".":           "reading CA certificates .: is a directory",
		"empty.pem":   "reading CA certificates empty.pem: it holds no certificate",
		"key.pem":     "reading CA certificates key.pem: it holds no certificate",
		"large.pem":   "certificates are over the limit of 500 kB",
	} {
		_, _, err := p.certificates("", name)
		if fault.Status(err) != fault.Misuse || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got status %d and %v", name, fault.Status(err), err)
		}
	}
}

func pemFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

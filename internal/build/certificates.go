package build

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/fault"
)

// systemBundle is where Debian, Ubuntu and Alpine keep the certificates that the system trusts.
const systemBundle = "/etc/ssl/certs/ca-certificates.crt"

// certificates reads a user's PEM file and returns it, and with it the system's as one bundle: programs that are given a bundle
// trust nothing else. Both are nil without a file. Of a job, the file is named as [checkout.ReadFile] says.
func (e Environment) certificates(in, name string) (own, bundle []byte, err error) {
	if name == "" {
		return nil, nil, nil
	}
	const hint = "give a PEM file with one or more certificates"
	file := name
	if in == "" {
		file = e.Path(name)
	}
	own, err = checkout.ReadFile(in, file, maxCertificates)
	if err != nil {
		return nil, nil, fault.Usage(hint, "reading CA certificates %s: %w", name, err)
	}
	system, err := os.ReadFile(systemBundle)
	if err != nil {
		system = nil // a system without a bundle adds nothing
	}
	bundle, count := mergePEM(system, own)
	if _, n := mergePEM(own); n == 0 {
		return nil, nil, fault.Usage(hint, "reading CA certificates %s: it holds no certificate", name)
	}
	if len(bundle) > maxBundle {
		return nil, nil, fault.Usage(hint, "reading CA certificates %s: %d certificates are over the limit of %d kB", name, count, maxBundle>>10)
	}
	return own, bundle, nil
}

// maxCertificates is the largest file that is read for them, in bytes; it may hold comments.
const maxCertificates = 4 << 20

// maxBundle is the largest secret that BuildKit hands to a step, in bytes.
const maxBundle = 500 << 10

// mergePEM joins PEM bundles and drops comments and what comes twice.
func mergePEM(bundles ...[]byte) (bundle []byte, count int) {
	var out bytes.Buffer
	seen := map[string]bool{}
	for _, rest := range bundles {
		for {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil {
				break
			}
			if block.Type != "CERTIFICATE" || seen[string(block.Bytes)] {
				continue
			}
			seen[string(block.Bytes)] = true
			if err := pem.Encode(&out, &pem.Block{Type: block.Type, Bytes: block.Bytes}); err != nil {
				panic(fmt.Sprintf("encoding to memory: %v", err)) // a buffer takes all, and there are no headers
			}
		}
	}
	return out.Bytes(), len(seen)
}

// Certificates are the certificates of a PEM file, nil without one.
func (e Environment) Certificates(in, name string) ([]byte, error) {
	own, _, err := e.certificates(in, name)
	return own, err
}

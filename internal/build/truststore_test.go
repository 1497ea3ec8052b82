package build

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/pem"
	"testing"
)

func TestATrustStoreHoldsEveryCertificate(t *testing.T) {
	certificate := func(content string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte(content)}))
	}
	first, second := certificate("first"), certificate("second")
	store := trustStore([]byte(first + second))
	const want = "feedfeed" + "00000002" + "00000002" + // magic, version, entries
		"00000002" + "0004" + "63612d30" + "0000000000000000" + "0005" + "582e353039" + "00000005" + "6669727374" +
		"00000002" + "0004" + "63612d31" + "0000000000000000" + "0005" + "582e353039" + "00000006" + "7365636f6e64"
	body, digest := store[:len(store)-sha1.Size], store[len(store)-sha1.Size:]
	if got := hex.EncodeToString(body); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const password = "\x00c\x00h\x00a\x00n\x00g\x00e\x00i\x00t"
	if sum := sha1.Sum(append([]byte(password+"Mighty Aphrodite"), body...)); !bytes.Equal(digest, sum[:]) {
		t.Errorf("digest %x, want %x", digest, sum)
	}
	if again := trustStore([]byte(first + second)); !bytes.Equal(store, again) {
		t.Error("equal bundles give other bytes")
	}
}

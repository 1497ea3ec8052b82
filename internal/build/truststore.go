package build

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"unicode/utf16"
)

// The format JKS, which every Java reads: a header, the entries, and a digest of both with a password before them. Java asks for
// no password to read certificates.
const (
	jksMagic    = 0xfeedfeed
	jksVersion  = 2
	jksTrusted  = 2 // the kind of an entry that is a certificate without a key
	jksPassword = "changeit"
	jksSalt     = "Mighty Aphrodite"
)

// trustStore makes of a PEM bundle what Java reads. Equal bundles give equal bytes.
func trustStore(bundle []byte) []byte {
	var entries bytes.Buffer
	count := 0
	for rest := bundle; ; count++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		writeJKSNumber(&entries, jksTrusted)
		writeJKSText(&entries, fmt.Sprintf("ca-%d", count))
		entries.Write(make([]byte, 8)) // no time of making
		writeJKSText(&entries, "X.509")
		writeJKSNumber(&entries, len(block.Bytes))
		entries.Write(block.Bytes)
	}
	var store bytes.Buffer
	for _, n := range []int{jksMagic, jksVersion, count} {
		writeJKSNumber(&store, n)
	}
	store.Write(entries.Bytes())

	digest := sha1.New() //nolint:gosec // the format has no other
	for _, c := range utf16.Encode([]rune(jksPassword)) {
		digest.Write([]byte{byte(c >> 8), byte(c)})
	}
	digest.Write([]byte(jksSalt))
	digest.Write(store.Bytes())
	return digest.Sum(store.Bytes())
}

func writeJKSNumber(b *bytes.Buffer, n int) {
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(n)))
}

func writeJKSText(b *bytes.Buffer, s string) {
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(s))))
	b.WriteString(s)
}

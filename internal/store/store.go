// Package store knows what Nix makes of an upstream's built release: the derivations, the path in the Nix store, and the script that
// fills it. It computes all of that without Nix.
//
// A release is fetched by its hash and unpacked, and nothing of nixpkgs takes part. So its path depends on its own data alone, and a
// build that has no Nix gives the same files in the same place as one that has.
package store

import (
	"crypto/sha256"
	"encoding/hex"
)

// Dir is where the store is. It is part of every hash.
const Dir = "/nix/store"

// alphabet is the alphabet of Nix's base 32: it has no letter that would help to spell a word.
const alphabet = "0123456789abcdfghijklmnpqrsvwxyz"

// base32 writes a hash as the names of store paths have it: five bits a digit, the last bits first.
func base32(hash []byte) string {
	digits := make([]byte, (len(hash)*8+4)/5)
	for i := range digits {
		bit := (len(digits) - 1 - i) * 5
		at, shift := bit/8, bit%8
		value := hash[at] >> shift
		if shift > 3 && at+1 < len(hash) {
			value |= hash[at+1] << (8 - shift)
		}
		digits[i] = alphabet[value&31]
	}
	return string(digits)
}

// folded is the length of the hash in a store path, in bytes.
const folded = 20

// path returns the store path of a name. The kind says what inner, in hexadecimal, is a SHA-256 of ("Store path specification" in Nix's
// manual).
func path(kind, inner, name string) string {
	sum := sha256.Sum256([]byte(kind + ":sha256:" + inner + ":" + Dir + ":" + name))
	var short [folded]byte
	for i, b := range sum {
		short[i%folded] ^= b
	}
	return Dir + "/" + base32(short[:]) + "-" + name
}

// digest returns the SHA-256 of a text in hexadecimal.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

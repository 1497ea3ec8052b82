package secret

import (
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"

	"golang.org/x/crypto/argon2"
)

// The cost of one guess: 64 MiB of memory, and about a tenth of a second.
const (
	guessPasses = 3
	guessKiB    = 64 << 10
)

// Fingerprint changes with the name or the value of any of the secrets, which are the secrets that one phase asks for. It is
// stable across machines, needs no state, and is 32 hexadecimal digits, or "" without secrets.
//
// It goes into the cache keys of the phase's steps, so it is public: exported caches hold digests of what it is part of, and
// provenance may hold it as it is. Whoever reads them can therefore check guesses of the values offline, whatever the
// function is, unless it has a key that he does not know. There is none to have: a random one would need a place to keep it,
// next to the caches that it protects; that of one secret would make the others change with it; the tokens of a job change
// with every job. What there is, is this:
//
//   - The key is all the values of the phase together. A weak one beside a strong one is as hard to find as both.
//   - Each guess costs memory and time, by Argon2id. Tokens, keys and generated passwords are out of reach even without that;
//     it is for the passwords that people make up. One of a few digits is not safe in any such scheme, and too short for [Check].
func Fingerprint(secrets map[string]string) string {
	if len(secrets) == 0 {
		return ""
	}
	var all []byte
	add := func(s string) { all = append(binary.BigEndian.AppendUint64(all, uint64(len(s))), s...) }
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		add(name)
		add(secrets[name])
	}
	return hex.EncodeToString(argon2.IDKey(all, []byte("npx-action secret fingerprint 1"), guessPasses, guessKiB, 1, 16))
}

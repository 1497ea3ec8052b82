package static

import (
	"path"
	"slices"
	"strings"
)

// hashedFolders are the folders whose files change their names with their content, as the frameworks that make them promise: Next.js, Nuxt, Astro,
// SvelteKit and Expo.
var hashedFolders = []string{"_next/static/", "_nuxt/", "_astro/", "_app/immutable/", "_expo/static/"}

// latest are files below hashedFolders that keep their names.
var latest = []string{"_nuxt/builds/latest.json"}

// hashed reports whether a file's name holds a digest of its content, so that the name never means anything else.
//
// A wrong yes keeps an old file in browsers for a year, and a wrong no costs one request that answers 304. So a name that may be a word or a date is none.
func hashed(name string) bool {
	kind := extension(name)
	if kind == ".html" || kind == ".htm" || slices.Contains(latest, name) {
		return false
	}
	for _, folder := range hashedFolders {
		if strings.HasPrefix(name, folder) || strings.Contains(name, "/"+folder) {
			return true
		}
	}
	dir, base := path.Split(name)
	stem := stem(base)
	code := slices.Contains([]string{".js", ".mjs", ".css", ".map", ".wasm"}, kind)
	if hasUUID(stem) {
		return false // a record's name, which tells nothing of its content
	}
	for token := range strings.FieldsFuncSeq(stem, func(r rune) bool { return strings.ContainsRune(".-_~", r) }) {
		if hexDigest(token) && (code || len(token) >= 16 || runs(token) > 2) { // ab123456 may be a number of goods
			return true
		}
	}
	token := lastToken(stem)
	if token == "" {
		return false
	}
	switch {
	case base32Digest(token):
		return code || strings.ContainsAny(token, "234567") && pieces(token) > 2
	case code && strings.Contains("/"+dir, "/assets/"): // where Vite writes
		return !word(token)
	default:
		return strings.ToLower(token) != token && strings.ToUpper(token) != token && pieces(token) >= max(4, len(token)*2/5) // 640x480p is a size
	}
}

// parts are what bundlers put between a digest and the extension: main.1a2b3c4d.chunk.js, guide.md.BfYx3k_1.lean.js.
var parts = []string{".min", ".chunk", ".bundle", ".lean", ".module", ".worker", ".legacy"}

// stem is a file's name without its extension, that of a source map's file, and [parts].
func stem(base string) string {
	stem := strings.TrimSuffix(base, path.Ext(base))
	if path.Ext(base) == ".map" {
		stem = strings.TrimSuffix(stem, path.Ext(stem))
	}
	for _, part := range parts {
		stem = strings.TrimSuffix(stem, part)
	}
	return stem
}

// lastToken is what follows the last dot or the last separator of a stem: eight letters of base64url after a hyphen or a dot, as Rollup and esbuild
// write them, or 10 to 22 without a hyphen.
func lastToken(stem string) string {
	if i := len(stem) - 9; i > 0 && (stem[i] == '-' || stem[i] == '.') && base64url(stem[i+1:]) && !strings.Contains(stem[i+1:], ".") {
		return stem[i+1:]
	}
	i := strings.LastIndexAny(stem, "-.")
	if token := stem[i+1:]; i > 0 && len(token) >= 10 && len(token) <= 22 && base64url(token) {
		return token
	}
	return ""
}

// hexDigest reports whether a token is a hexadecimal digest of at least 32 bits. It has digits, so that it is no word, and letters, so that it is no date.
func hexDigest(token string) bool {
	return len(token) >= 8 && len(token) <= 128 && only(token, "0123456789abcdef") &&
		strings.ContainsAny(token, "0123456789") && strings.ContainsAny(token, "abcdef")
}

// base32Digest reports whether a token is a digest as esbuild and Angular write it.
func base32Digest(token string) bool {
	return len(token) == 8 && only(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

func base64url(token string) bool {
	return only(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}

func only(token, letters string) bool { return strings.Trim(token, letters) == "" }

// class is 'a' for a small letter, 'A' for a capital, '0' for a digit, and the character itself otherwise.
func class(c byte) byte {
	switch {
	case 'a' <= c && c <= 'z':
		return 'a'
	case 'A' <= c && c <= 'Z':
		return 'A'
	case '0' <= c && c <= '9':
		return '0'
	}
	return c
}

// runs counts the runs of one class: 3 in ab12cd.
func runs(token string) int {
	n := 0
	for i := range len(token) {
		if i == 0 || class(token[i]) != class(token[i-1]) {
			n++
		}
	}
	return n
}

// pieces counts the words and numbers that a token could be made of: 2 in AppStore and in Summer24. A capital belongs to the small letters behind it.
func pieces(token string) int {
	n := 0
	for i := range len(token) {
		if i == 0 || class(token[i]) != class(token[i-1]) && (class(token[i]) != 'a' || class(token[i-1]) != 'A') {
			n++
		}
	}
	return n
}

// word reports whether a token could be a word with a number: settings, Settings, SETTINGS, version2.
func word(token string) bool {
	letters := strings.TrimRight(token, "0123456789")
	return letters == "" || runs(letters) == 1 || runs(letters[1:]) == 1 && class(letters[0]) == 'A' && class(letters[1]) == 'a'
}

// hasUUID reports whether five groups of hexadecimal digits stand together (RFC 9562).
func hasUUID(stem string) bool {
	const length = 36
	for i := 0; i+length <= len(stem); i++ {
		s := stem[i : i+length]
		if s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' && len(strings.Trim(strings.ToLower(s), "0123456789abcdef-")) == 0 && strings.Count(s, "-") == 4 {
			return true
		}
	}
	return false
}

package static

import (
	"strconv"
	"strings"
)

// encodings are the content codings whose files a build may leave beside a file, best first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}

// variant returns the file to send and its coding, "" for the file itself. Among the codings that the client likes best the first of [encodings] wins.
//
// A compressed file that is older than the file itself is left alone: the file was written again after the build, as by an entry point that fills
// in addresses.
func (s *Site) variant(to reply, accept []string) (name, encoding string) {
	name, best := to.file, 0
	if q, named := quality(accept, "identity"); named {
		best = max(q-1, 0) // of equals a coding wins
	}
	for _, e := range encodings {
		q, _ := quality(accept, e.name)
		if q <= best {
			continue
		}
		if info, ok := s.file(to.file + e.suffix); ok && !info.ModTime().Before(to.info.ModTime()) {
			name, encoding, best = to.file+e.suffix, e.name, q
		}
	}
	return name, encoding
}

// quality is the weight that Accept-Encoding gives to a coding, in thousandths, and whether it does so by name (RFC 9110, section 12.5.3).
// A weight that cannot be read is 0.
func quality(accept []string, coding string) (q int, named bool) {
	for _, line := range accept {
		for item := range strings.SplitSeq(line, ",") {
			name, parameters, _ := strings.Cut(item, ";")
			switch strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "x-") { // x-gzip is gzip
			case coding:
				return weight(parameters), true
			case "*":
				q = weight(parameters)
			}
		}
	}
	return q, false
}

func weight(parameters string) int {
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(key), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return int(q * 1000)
	}
	return 1000
}

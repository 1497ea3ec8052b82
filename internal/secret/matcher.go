package secret

// A matcher finds many patterns in one pass. Most positions are dismissed by their two bytes alone.
type matcher struct {
	pairs   [1 << 10]uint64 // a bit for each
	byStart map[[4]byte][]pattern
	longest int
}

func newMatcher() *matcher { return &matcher{byStart: map[[4]byte][]pattern{}} }

// add takes a text of at least four bytes.
func (m *matcher) add(p pattern) {
	start := [4]byte([]byte(p.text[:4]))
	for _, have := range m.byStart[start] {
		if have == p {
			return
		}
	}
	m.byStart[start] = append(m.byStart[start], p)
	first := pair(p.text[0], p.text[1])
	m.pairs[first>>6] |= 1 << (first & 63)
	m.longest = max(m.longest, len(p.text))
}

func pair(a, b byte) uint16 { return uint16(a)<<8 | uint16(b) }

// find calls found for each pattern that ends behind the first old bytes.
func (m *matcher) find(data []byte, old int, found func(secret int)) {
	for i := max(0, old-m.longest); i+4 <= len(data); i++ {
		if pair := pair(data[i], data[i+1]); m.pairs[pair>>6]&(1<<(pair&63)) == 0 {
			continue
		}
		for _, p := range m.byStart[[4]byte(data[i:i+4])] {
			end := i + len(p.text)
			if end > old && end <= len(data) && string(data[i:end]) == p.text {
				found(p.secret)
			}
		}
	}
}

// A stream is a writer that finds patterns also across the borders of writes.
type stream struct {
	m     *matcher
	found func(secret int)
	buf   []byte // the end of what was written, and room for more
}

// Write implements io.Writer.
func (s *stream) Write(p []byte) (int, error) {
	old := len(s.buf)
	s.buf = append(s.buf, p...)
	s.m.find(s.buf, old, s.found)
	s.trim()
	return len(p), nil
}

// pass takes bytes that are known to end no pattern.
func (s *stream) pass(p []byte) {
	s.buf = append(s.buf, p[max(0, len(p)-s.m.longest):]...)
	s.trim()
}

func (s *stream) trim() {
	keep := min(len(s.buf), s.m.longest-1)
	copy(s.buf, s.buf[len(s.buf)-keep:])
	s.buf = s.buf[:keep]
}

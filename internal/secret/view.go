package secret

import "bytes"

// A view is what a stream is shown of data: data that an encoding is undone in. A pattern that holds nothing which was undone
// is in the data itself, where it is found anyway, so that most of a view need not be searched.
type view struct {
	stream *stream
	undo   func(dst, src []byte) (out, rest []byte, undone bool)
	rest   []byte // the beginning of what may be encoded
	out    []byte
	since  int // bytes since something was undone, up to the longest pattern
}

// Write implements io.Writer.
func (v *view) Write(p []byte) (int, error) {
	src := p
	if len(v.rest) > 0 {
		src = append(v.rest, p...)
	}
	out, rest, undone := v.undo(v.out[:0], src)
	v.out, v.rest = out, bytes.Clone(rest)
	switch longest := v.stream.m.longest; {
	case undone:
		v.since = 0
		_, _ = v.stream.Write(out)
	case v.since < longest:
		v.since += len(out)
		_, _ = v.stream.Write(out)
	default:
		v.stream.pass(out)
	}
	return len(p), nil
}

// unescape undoes percent-encoding, of any characters and in either case.
func unescape(dst, src []byte) (out, rest []byte, undone bool) {
	for {
		i := bytes.IndexByte(src, '%')
		if i < 0 {
			return append(dst, src...), nil, undone
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		if len(src) < 3 {
			return dst, src, undone
		}
		high, ok1 := digit(src[1])
		low, ok2 := digit(src[2])
		if ok1 && ok2 {
			dst, src, undone = append(dst, high<<4|low), src[3:], true
		} else {
			dst, src = append(dst, '%'), src[1:]
		}
	}
}

func digit(c byte) (value byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// unwrap undoes line breaks.
func unwrap(dst, src []byte) (out, rest []byte, undone bool) {
	from := 0
	for i, c := range src {
		if c == '\n' || c == '\r' {
			dst, from, undone = append(dst, src[from:i]...), i+1, true
		}
	}
	return append(dst, src[from:]...), nil, undone
}

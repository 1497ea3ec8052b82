package providers

// compared returns the interval of an operator in front of a version; nil if it means nothing. It is not
// ok where Nixpacks 1.39 crashes.
func (p *nodePartial) compared(op string) (i *nodeInterval, ok bool) {
	switch op {
	case "=":
		return p.plain(), p.known[0]
	case "~":
		return p.tilde(), p.known[0] && (p.known[1] || !p.known[2])
	case "^":
		return p.caret(), true
	case ">=":
		return &nodeInterval{low: p.version().closed()}, true
	case ">":
		return p.above(), true
	case "<":
		return p.below(), true
	case "<=":
		if !p.known[2] {
			return &nodeInterval{high: p.release().floor().closed()}, true
		}
		return &nodeInterval{high: p.version().closed()}, true
	}
	return p.plain(), true
}

// plain is the version itself, or all that begin with its known numbers.
func (p *nodePartial) plain() *nodeInterval {
	switch {
	case !p.known[0]:
		return &nodeInterval{low: nodeSemver{}.closed()}
	case !p.known[1]:
		return p.until(nodeSemver{n: [3]uint64{p.n[0]}}, 0)
	case !p.known[2]:
		return p.until(p.release(), 1)
	}
	return &nodeInterval{p.version().closed(), p.version().closed()}
}

func (p *nodePartial) above() *nodeInterval {
	if p.known[0] && !p.known[2] {
		if p.known[1] {
			return &nodeInterval{low: p.next(1).closed()}
		}
		return &nodeInterval{low: p.next(0).closed()}
	}
	return &nodeInterval{low: p.version().open()}
}

func (p *nodePartial) below() *nodeInterval {
	if p.known[0] && p.known[1] && !p.known[2] {
		return &nodeInterval{high: p.release().floor().open()}
	}
	return &nodeInterval{high: p.version().open()}
}

func (p *nodePartial) tilde() *nodeInterval {
	if !p.known[1] {
		return p.until(p.release(), 0)
	}
	return p.until(p.version(), 1)
}

// caret lets everything change that is behind the first number other than zero.
func (p *nodePartial) caret() *nodeInterval {
	if !p.known[0] || p.known[2] && !p.known[1] {
		return nil
	}
	if p.n[0] != 0 || !p.known[1] {
		if p.n[0] == 0 {
			return &nodeInterval{high: p.next(0).floor().open()}
		}
		return p.until(p.version(), 0)
	}
	if p.n[1] != 0 || !p.known[2] {
		return p.until(p.version(), 1)
	}
	return p.until(p.version(), 2)
}

// nodeHyphen is from low, which may be nil, to high, unknown numbers of which may be any.
func nodeHyphen(low, high *nodePartial) *nodeInterval {
	i := &nodeInterval{}
	if low != nil {
		i.low = low.version().closed()
	}
	switch known := high.known; {
	case known[2]:
		i.high = high.version().closed()
	case known[1]:
		i.high = high.next(1).floor().open()
	case known[0]:
		i.high = high.next(0).floor().open()
	default:
		i.high = nodeSemver{}.floor().open()
	}
	return i
}

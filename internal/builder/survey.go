package builder

import (
	"context"
	"errors"
)

// Found is what [Survey] finds out about a route, or about the address that is given.
type Found struct {
	Route string // "address" for an address
	Info  Info   // of what answers
	Err   error  // why nothing does
	Why   string // that in one line, or a remark
	Fix   string // what to do about it, in one line
}

// Survey tries every route, or the address, and leaves nothing behind. It pulls no image.
func Survey(ctx context.Context, o Options) []Found {
	o = o.withDefaults()
	o.survey = true
	if o.Host != "" {
		c, err := connectAddress(ctx, o)
		return []Found{o.found("address", c, err)}
	}
	var all []Found
	for _, r := range routes {
		if ctx.Err() != nil {
			break
		}
		if o.Route != "" && o.Route != auto && o.Route != r.name {
			continue
		}
		c, err := r.connect(ctx, o)
		all = append(all, o.found(r.name, c, err))
	}
	return all
}

func (o Options) found(route string, c *Conn, err error) Found {
	if err == nil {
		defer c.Close()
		return Found{Route: route, Info: c.info}
	}
	if o.Reason != nil {
		o.Reason(route, err.Error())
	}
	f := Found{Route: route, Err: err, Why: shortly(err)}
	if setup, ok := errors.AsType[*SetupError](err); ok {
		f.Fix = setup.Hint
	}
	return f
}

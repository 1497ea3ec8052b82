package registry

import "net/netip"

// Pretend makes the client take addresses for public ones, and connect elsewhere than a name says.
func (c *Client) Pretend(public func(netip.Addr) bool, route func(address string) string) {
	c.reach = func(a netip.Addr) reach {
		if public(a) {
			return everybody
		}
		return reachOf(a)
	}
	c.route = route
}

// ReachOf is the reach of an address in words.
func ReachOf(a netip.Addr) string { return reachNames[reachOf(a)] }

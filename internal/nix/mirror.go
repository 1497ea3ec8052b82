package nix

import "strings"

// Through returns the address from which an upstream's archive is fetched: the address of the mirror for its host.
func (o Options) Through(url string) string {
	if rest, ok := strings.CutPrefix(url, github+"/"); ok && o.Mirror != "" {
		return strings.TrimRight(o.Mirror, "/") + "/" + rest
	}
	scheme, rest, _ := strings.Cut(url, "://")
	host, path, _ := strings.Cut(rest, "/")
	mirror := o.Mirrors[host]
	if scheme != "https" && scheme != "http" || mirror == "" {
		return url
	}
	return strings.TrimRight(mirror, "/") + "/" + path
}

package cache

import "github.com/org/npx-action/providers"

const downloads = "it holds downloads"

// Unworthy says why a cache directory, an absolute path, is not kept in the registry by itself, "" if it is. What a user has
// declared, and no provider knows, is.
//
// It is the choice of package-cache auto. A directory is worth its place if to restore and to save it costs less than the step
// saves. A download is not: the same bytes come from a registry as from a package index, are unpacked a second time, and are pushed
// once more for each lockfile; compiled code is, since the time goes into the compiler: on empty builders with two shared cores, the Go sample
// app's build step took 55 s without a store and 1.0 s with one of 19 MiB that took 2.9 s to restore, and its whole build 84 s and 24 s after a
// changed source line, 145 s and 33 s after a changed lockfile. Only Go's is measured; the others go by what the directory holds.
func Unworthy(target string) string {
	if dir, _ := providers.CacheAt(target); dir.Downloads {
		return downloads
	}
	return ""
}

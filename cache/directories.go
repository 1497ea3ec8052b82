package cache

import "strings"

// A kind is a cache directory that providers declare, and whether a new builder should get it from the registry.
type kind struct {
	dir   string // the path, or its end
	worth bool
	why   string // why not
}

// kinds is the choice of package-cache auto. A directory is worth its place if to restore and to save it costs less than the step
// saves. A download is not: the same bytes come from a registry as from a package index, are unpacked a second time, and are pushed
// once more for each lockfile; compiled code is, since the time goes into the compiler: on empty builders with two shared cores, the Go sample
// app's build step took 55 s without a store and 1.0 s with one of 19 MiB that took 2.9 s to restore, and its whole build 84 s and 24 s after a
// changed source line, 145 s and 33 s after a changed lockfile. Only the first line is measured; the others go by what the directory holds.
var kinds = []kind{
	{"/root/.cache/go-build", true, ""},
	{"/app/target", true, ""},
	{".next/cache", true, ""},
	{"node_modules/.cache", true, ""},
	{".moon/cache/outputs", true, ""},
	{".stack-work", true, ""},
	{"/root/.stack", true, ""},
	{"/root/.sbt", true, ""},
	{"/root/.gradle", true, ""},
	{"/root/.m2/repository", true, ""}, // in plans for Java and Scala the step that compiles downloads, too
	{"/root/.cache/coursier", true, ""},
	{"/root/.ivy2/cache", true, ""},

	{"/root/.npm", false, downloads},
	{"/root/.bun", false, downloads},
	{"/root/.local/share/pnpm/store/v3", false, downloads},
	{"/usr/local/share/.cache/yarn/v6", false, downloads},
	{"/root/.cache/Cypress", false, downloads},
	{"/root/.cache/pip", false, downloads},
	{"/root/.cache/pdm", false, downloads},
	{"/root/.cache/uv", false, downloads},
	{"/root/.cargo/git", false, downloads},
	{"/root/.cargo/registry", false, downloads},
	{"/root/.bundle/cache", false, downloads},
	{".m2/repository", false, downloads},
}

const downloads = "it holds downloads"

// Unworthy says why a cache directory, an absolute path, is not kept in the registry by itself, "" if it is. What a user has
// declared, and nobody knows, is.
func Unworthy(target string) string {
	for _, k := range kinds {
		if target == k.dir || k.dir[0] != '/' && strings.HasSuffix(target, "/"+k.dir) {
			return k.why
		}
	}
	return ""
}

package job

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
)

// A place is where a build leaves something that another build may take. Each has a row in .github/docs/isolation.md, and a test.
type place struct{ what, writes, reads, why string }

// places are all of them. What an untrusted build writes, no trusted build reads.
var places = []place{
	{"caches and package caches in the registry",
		"trusted builds; with cache-write: always also branches and pull requests of the repository",
		"builds that are as trusted as the writer, or less",
		"the tag names the writer, and no build asks for a tag of a less trusted one"},
	{"images to be promoted",
		"who writes the cache and pushes",
		"builds that are as trusted as the writer, or less",
		"the tag names the writer, as the tag of a cache does"},
	{"directories that a builder keeps",
		"trusted builds; every other build has new ones, which nobody finds again",
		"trusted builds of the same app in the same repository",
		"the name is a digest of repository and app; the name of an untrusted build is random"},
	{"results of steps on a builder",
		"all builds",
		"all builds of the same repository; of others only steps without a kept directory",
		"a result depends on its key alone. With a kept directory the repository is in the key, and untrusted builds begin with empty directories"},
	{"copies of the checkout on a builder",
		"all builds",
		"builds of the same repository and standing; of a fork, of the same commit",
		"these are in the name of the copy, and a file's time in it has a part of the content's digest"},
}

// trustedStanding is the standing of reviewed code.
const trustedStanding = "trusted"

// isolation keeps apart what builds of different repositories and standings leave on a builder and in a registry, see [places].
func isolation(e ci.Event, write ci.Decision) build.Isolation {
	standing := e.Standing()
	i := build.Isolation{
		Policy: cache.Policy{Read: true, Write: write.Allowed, Reason: write.Why},
		Owner:  digestOf(e.Repository),
		Files:  digestOf(e.Repository, standing),
	}
	if write.Allowed {
		var ok bool
		if i.Writer, ok = cache.WriterOf(standing); !ok {
			i.Policy.Write, i.Policy.Reason = false, "no cache is written for "+standing+" events"
		}
	}
	if stranger(standing) { // and strangers to one another
		i.Files = digestOf(e.Repository, standing, strconv.Itoa(e.Number), e.Head)
	}
	if standing != trustedStanding {
		i.Space = strings.ToLower(rand.Text()) + "-"
	}
	return i
}

// cacheMountKey begins the names of the directories that a builder keeps for an app of a repository.
func cacheMountKey(repository, context string) string {
	return "npx-" + digestOf(repository, path.Clean(filepath.ToSlash(context)))
}

// digestOf is 32 hexadecimal digits that no other list of texts has.
func digestOf(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		fmt.Fprintf(h, "%d\n%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

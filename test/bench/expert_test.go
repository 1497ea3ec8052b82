package bench

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// expert builds the Dockerfile that an expert writes for an app: several stages, the lockfile first, a slim base, cache mounts. The
// builder, the registry and the registry cache are those of the peer.
func (s *stage) expert(b *testing.B, app, dir, image, builderDir string) measured {
	b.Helper()
	return s.build(b, recipe{text: expertDockerfile(b, app, s.standIn(b))}, dir, image, builderDir)
}

// standIn gives the reference of the image that stands for an official one, behind the counter.
func (s *stage) standIn(b *testing.B) func(name string) string {
	return func(name string) string {
		ref, err := s.world.StandIn(b.Context(), name)
		if err != nil {
			b.Fatal(err)
		}
		return strings.Replace(ref, s.world.Registry, s.counter.hosts[0], 1)
	}
}

var (
	official = regexp.MustCompile(`(?m)^FROM (\S+/\S+).*$`)
	runLine  = regexp.MustCompile(`(?m)^RUN ((?:--\S+ )*)(.*)$`)
)

// expertDockerfile reads the Dockerfile of an app in experts. Two things differ when it is built: the bases are stand-ins, and each step trusts the
// world's certificates.
func expertDockerfile(tb testing.TB, app string, standIn func(name string) string) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("experts", app+".Dockerfile"))
	if err != nil {
		tb.Fatal(err)
	}
	out := official.ReplaceAllStringFunc(string(text), func(line string) string {
		name := official.FindStringSubmatch(line)[1]
		return strings.Replace(line, name, standIn(name), 1) + "\nSHELL [\"/bin/bash\", \"-c\"]" // which trust is written for
	})
	return runLine.ReplaceAllStringFunc(out, func(line string) string {
		parts := runLine.FindStringSubmatch(line)
		return trusting(parts[1], parts[2])
	})
}

// bases are the official images that an app's Dockerfile names, in their order, each once, with the sizes of their stand-ins.
func (s *stage) bases(b *testing.B, app string) []base {
	b.Helper()
	var all []base
	expertDockerfile(b, app, func(name string) string {
		ref := s.standIn(b)(name)
		known := base{name, s.size(b, ref).Compressed}
		all = slices.DeleteFunc(all, func(b base) bool { return b == known })
		all = append(all, known)
		return ref
	})
	return all
}

func TestTheExpertsDockerfiles(t *testing.T) {
	for _, s := range samples {
		var names []string
		text := expertDockerfile(t, s.name, func(name string) string {
			names = append(names, name)
			return "local/" + strconv.Itoa(len(names))
		})
		if len(names) < 2 {
			t.Errorf("%s: the bases are %v: several stages were to come", s.name, names)
		}
		for _, name := range names {
			if strings.Contains(text, name) {
				t.Errorf("%s: %s is left in\n%s", s.name, name, text)
			}
		}
		if got, want := strings.Count(text, "id=ca-certificates,"), strings.Count(text, "\nRUN "); got != want {
			t.Errorf("%s: %d of %d steps trust the world's certificates:\n%s", s.name, got, want, text)
		}
	}
}

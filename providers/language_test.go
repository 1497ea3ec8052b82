package providers

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// What a provider has not said, others take for nothing. So what there is nothing of is said too.
func TestProvidersSayAllThatOthersAskFor(t *testing.T) {
	for _, p := range All() {
		fields := reflect.ValueOf(p.Language)
		for i := range fields.NumField() {
			if fields.Field(i).IsNil() {
				t.Errorf("%s says nothing of %s: list them, or give an empty list", p.Name, fields.Type().Field(i).Name)
			}
		}
		if p.Name == "" || p.Looks == "" || p.Detect == nil || p.Plan == nil {
			t.Errorf("%s lacks a name, what it looks for, how it detects or how it plans", p.Name)
		}
	}
}

func TestLanguagesAreConsistent(t *testing.T) {
	formats := map[string]Format{}
	for _, p := range All() {
		for _, l := range p.Lockfiles {
			if have, ok := formats[l.File]; ok && have != l.Format {
				t.Errorf("%s has the formats %q and %q", l.File, have, l.Format)
			}
			formats[l.File] = l.Format
			if !slices.Contains(p.Locks, l.File) {
				t.Errorf("%s of %s does not key the dependency cache", l.File, p.Name)
			}
		}
		for _, m := range p.Manifests {
			for _, lock := range m.Locks {
				if !slices.ContainsFunc(p.Lockfiles, func(l Lockfile) bool { return l.File == lock }) {
					t.Errorf("%s belongs to %s of %s and is none of its lockfiles", lock, m.File, p.Name)
				}
			}
		}
	}
}

func TestCachesAndReleasesAreKnownUnderOneName(t *testing.T) {
	caches, releases := map[string]string{}, map[string]string{}
	for _, p := range All() {
		for _, c := range p.Caches {
			if other, ok := caches[c.Dir]; ok {
				t.Errorf("%s is a cache of %s and of %s", c.Dir, other, p.Name)
			}
			caches[c.Dir] = p.Name
		}
		for _, runtime := range p.Runtimes {
			if runtime.Name == "" || len(runtime.Packages) == 0 {
				t.Errorf("a runtime of %s has no name or no packages", p.Name)
			}
			for _, r := range runtime.Releases {
				if _, err := time.Parse(time.DateOnly, r.Ended); err != nil || r.Version == "" {
					t.Errorf("%s %+v is not complete", runtime.Name, r)
				}
				for _, name := range r.Packages {
					release := runtime.Name + " " + r.Version
					if other, ok := releases[name]; ok && other != release {
						t.Errorf("%s stands for %s and for %s", name, other, release)
					}
					releases[name] = release
				}
			}
		}
	}
}

func TestACacheIsKnownByItsWholePathFirst(t *testing.T) {
	for target, want := range map[string]Cache{
		mavenHome:                       {Dir: mavenHome},
		"/app/" + mavenCache:            {Dir: mavenCache, Downloads: true},
		"/app/packages/web/.next/cache": {Dir: nextCache},
		"/app/my" + mavenCache:          {},
	} {
		if got, ok := CacheAt(target); got != want || ok != (want.Dir != "") {
			t.Errorf("%s: %+v, want %+v", target, got, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	for pkg, want := range map[string]string{
		"nodejs_22": "Node.js 22", "nodejs-18_x": "Node.js 18", "python311": "Python 3.11", "python3": "Python 3", "go": "Go ", "go_1_23": "Go 1.23",
		"(php83.withExtensions (pe: pe.enabled))": "PHP 8.3", "jdk17": "Java 17", `(rust-bin.stable."1.75.0".default)`: "Rust 1.75.0", "caddy": " ",
	} {
		if name, version, _ := Recognise(pkg); name+" "+version != want {
			t.Errorf("%s is %q, want %q", pkg, name+" "+version, want)
		}
	}
}

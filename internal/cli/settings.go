package cli

import (
	"cmp"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
)

// settings are the options of a build that say where and how, as opposed to what. CI inputs fill the same struct.
type settings struct {
	buildkitHosts      []string
	route              string
	builderImage       string
	tls                builder.TLS
	builderDir         string
	caCertificates     string
	nixMirror          string
	nixSubstituters    []string
	nixKeys            []string
	registryMirrors    []string
	insecureRegistries []string
	cacheRef           string
	cacheWrite         string
	cacheKey           string
	packageCache       string
	packageSkip        []string
	packageLimit       string
	noCache            bool
	secrets            []string
	promote            string
	smoke              string
	registryTimeout    time.Duration
	reproducible       bool
	sbom, provenance   string
	progress           string
	docker             dockerFlags
	logins             []registry.Credential
}

func (s *settings) register(flags *pflag.FlagSet) {
	s.registerBuilder(flags)
	flags.StringVar(&s.nixMirror, "nix-mirror", "", "base `URL` in place of https://github.com for Nix archives and overlays")
	flags.StringArrayVar(&s.nixSubstituters, "nix-substituter", nil, "`URL` of a Nix binary cache; repeatable")
	flags.StringArrayVar(&s.nixKeys, "nix-public-key", nil, "public `key` that the binary cache's packages are signed with; repeatable")
	flags.StringArrayVar(&s.registryMirrors, "registry-mirror", nil, "`HOST=MIRROR` to take base images from; repeatable")
	flags.StringVar(&s.cacheRef, "cache-ref", "", "`repository` of the lockfile-keyed cache, optionally with :PREFIX for its tags")
	flags.StringVar(&s.cacheWrite, "cache-write", string(cache.Auto), "whether to write that cache: `auto`, always or never")
	flags.StringVar(&s.cacheKey, "cache-key", "", "begin the names of cache mounts with this `text`, which keeps apps apart on a shared BuildKit")
	flags.StringVar(&s.packageCache, "package-cache", packagesAuto, "keep cache directories in the `registry` of --cache-ref, as mount on the builder, auto by what the builder has, or off")
	flags.StringArrayVar(&s.packageSkip, "package-cache-skip", nil, "leave this cache `directory` to the builder; repeatable")
	flags.StringVar(&s.packageLimit, "package-cache-limit", packageLimit, "keep no directory in the registry that is larger than this `size`, compressed")
	flags.BoolVar(&s.noCache, "no-cache", false, "run each step anew, without cache mounts")
	flags.StringVar(&s.smoke, "smoke", smokeAuto, "start the image before it is pushed: `auto` (a slim one with new packages or dependencies), always or never")
	flags.StringVar(&s.promote, "promote", promoteAuto, "push an image of the same content that the registry has, instead of building: `auto` or never")
	flags.DurationVar(&s.registryTimeout, "registry-timeout", 0, "give up on a registry that is silent for this `time` (default 1m, and 10m for what the builder transfers)")
	flags.BoolVar(&s.reproducible, "reproducible", false, "make the same image of the same commit on any builder: no file is newer than the commit, or than $SOURCE_DATE_EPOCH")
	flags.StringArrayVar(&s.secrets, "secret", nil, "secret `id=NAME` for the phases that ask for it, with env=VARIABLE or src=FILE; repeatable (default env=NAME)")
	flags.StringVar(&s.sbom, "sbom", "", "store a bill of materials beside the pushed image, of lockfiles and plan: `true` or false (default true)")
	flags.StringVar(&s.provenance, "provenance", "", "store SLSA provenance beside it, with the plan: `mode=min`, mode=max, true or false (default mode=min, and false with --reproducible)")
	flags.StringVar(&s.progress, "progress", "auto", "show the build as `auto`, plain, tty or quiet")
	s.docker.register(flags)
}

// check finds what can be wrong with the settings whatever the app is.
func (s *settings) check(w io.Writer) error {
	if err := (builder.Progress{Writer: w, Mode: s.progress}).Check(); err != nil {
		return usage("use auto, plain, tty or quiet", "reading --progress: %w", err)
	}
	if s.registryTimeout < 0 {
		return usage("give a time such as 90s or 5m", "reading --registry-timeout: %s is less than nothing", s.registryTimeout)
	}
	return cmp.Or(
		s.checkRoute(),
		choice("promote", s.promote, promoteAuto, promoteNever),
		choice("smoke", cmp.Or(s.smoke, smokeAuto), smokeAuto, smokeAlways, smokeNever),
		s.docker.check(),
	)
}

// image combines the settings with a plan. What is left to fill in is where the image goes.
func (p *program) image(s settings, result planner.Result, dir string) (*image, error) {
	ignore, err := IgnorePatterns(result)
	if err != nil {
		return nil, err
	}
	own, bundle, err := p.certificates(s.caCertificates)
	if err != nil {
		return nil, err
	}
	mirrors, err := mirrors(s.registryMirrors)
	if err != nil {
		return nil, err
	}
	transport, err := registry.NewTransport(own)
	if err != nil {
		return nil, err
	}
	packages, err := newPackageSettings(s.packageCache, s.packageSkip, s.packageLimit)
	if err != nil {
		return nil, err
	}
	builders, err := parseAddresses(s.buildkitHosts)
	if err != nil {
		return nil, err
	}
	attest, err := newAttest(s)
	if err != nil {
		return nil, err
	}
	declared, _ := config.ParseEnv(p.options.env, p.lookup)
	im := &image{
		plan:     result,
		dir:      filepath.Join(dir, filepath.FromSlash(result.Subdirectory)),
		platform: p.options.platform.name,
		graph: graph.Options{
			CacheKey:       s.cacheKey,
			NoCache:        s.noCache || packages.mode == packagesOff || declared.Truthy("NO_CACHE"),
			Nix:            nix.Options{Mirror: s.nixMirror, Substituters: s.nixSubstituters, PublicKeys: s.nixKeys},
			CACertificates: bundle != nil,
			Ignore:         ignore,
			Reproducible:   s.reproducible,
		},
		builders: builders,
		daemon:   p.daemon(s, own),
		keys:     p.keychain(s.logins),
		bundle:   bundle,
		packages: packages,
		noCache:  s.noCache,
		promote:  s.promote,
		smoke:    s.smoke,
		silence:  s.registryTimeout,

		reproducible: s.reproducible,
		attest:       attest,

		progress: builder.Progress{Writer: p.Stderr, Mode: s.progress},
		say:      p.say,
	}
	if im.epoch, err = p.born(dir, time.Time{}); err != nil {
		return nil, err
	}
	im.registry = &registry.Client{
		Keychain: im.keys, Transport: transport, Insecure: s.insecureRegistries, Mirrors: mirrors, UserAgent: "npx-action/" + version(),
		Silence: s.registryTimeout,
	}
	im.cache.scope = cache.Scope{Repository: s.cacheRef, Platform: p.options.platform.name}
	im.secrets, err = p.secretOptions(s.secrets)
	return im, cmp.Or(err, s.docker.apply(im))
}

// keychain holds the given credentials, and those of the docker configuration.
func (p *program) keychain(logins []registry.Credential) *registry.Keychain {
	config, _ := p.lookup("DOCKER_CONFIG")
	home, _ := p.lookup("HOME")
	return &registry.Keychain{Entries: logins, Dir: registry.ConfigDir(config, home)}
}

// gitDir never enters a build: it differs from checkout to checkout, and may hold credentials.
const gitDir = ".git"

// literal makes a pattern that matches one name.
var literal = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

// IgnorePatterns are what .dockerignore names, less the files that the plan copies by name, and git's own files. Of patterns,
// the last that matches counts.
func IgnorePatterns(result planner.Result) ([]string, error) {
	const name = ".dockerignore"
	const hint = "see the syntax of .dockerignore"
	if !result.Tree.HasFile(name) {
		return []string{gitDir}, nil
	}
	text, err := result.Tree.Read(name)
	if err != nil {
		return nil, err
	}
	patterns, err := ignorefile.ReadAll(strings.NewReader(text))
	if err != nil {
		return nil, usage(hint, "reading %s: %w", name, err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, usage(hint, "reading %s: %w", name, err)
	}
	for _, phase := range plan.Sorted(result.Plan.Phases) {
		for _, file := range phase.OnlyIncludeFiles {
			if ignored, err := matcher.MatchesOrParentMatches(file); err == nil && ignored {
				patterns = append(patterns, "!"+literal.Replace(file))
			}
		}
	}
	return append(patterns, gitDir), nil
}

// mirrors reads HOST=MIRROR pairs.
func mirrors(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, pair := range pairs {
		host, mirror, ok := strings.Cut(pair, "=")
		if !ok || host == "" || mirror == "" || strings.Contains(pair, "://") || strings.Contains(mirror, "=") {
			return nil, usage("give HOST=MIRROR, such as docker.io=mirror.example", "reading registry mirror %q", pair)
		}
		m[host] = strings.TrimSuffix(mirror, "/")
	}
	return m, nil
}

// policy reads the wish of a developer, who may write what the registry lets him.
func policy(write string) (cache.Policy, error) {
	if err := choice("cache-write", write, string(cache.Auto), string(cache.Always), string(cache.Never)); err != nil {
		return cache.Policy{}, err
	}
	if cache.Mode(write) == cache.Never {
		return cache.Policy{Read: true, Reason: "cache-write is never"}, nil
	}
	return cache.Policy{Read: true, Write: true}, nil
}

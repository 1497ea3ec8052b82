package contract

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A job is a run of a workflow: its variables, among them the inputs, and what the forge says of the event and of the repository.
type job struct {
	env               map[string]string
	event, repository map[string]any
	now, fetched      time.Time // of the run, and of the commit where the event tells none
}

// String shows what differs from job to job.
func (j job) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(j.env)) {
		fmt.Fprintf(&b, "  %s=%s\n", name, strings.ReplaceAll(j.env[name], "\n", "\n      "))
	}
	fmt.Fprintf(&b, "  event %s\n  repository %s", encode(j.event), encode(j.repository))
	return b.String()
}

const (
	merge = "4f2a9c1be00112233445566778899aabbccddeef"
	head  = "0e1d2c3b4a5968778695a4b3c2d1e0f123456789"
)

// Names from git, and the versions and affixes in tags.
var (
	branchNames = []string{
		"main", "main", "dev", "release/2.x", "feat/a@b#1", "UPPER_case.1", "a&b", "a=b", "it's", `"q"`, "<x>", "a`b", "ü/ñ-日本", "-.hidden", "///", "a..b--c",
		"a,b", "a b", "a|b", "a{{tag}}c", "{{sha}}", "$1$&", "%0A", "latest", "v1.2.3", "1.2.3", "refs/heads/x", "pull/1/merge", "x\\y", "é", "1",
		"gh-readonly-queue/main/pr-42-ab12", strings.Repeat("long/", 40), "a#b", "#x", "0", "edge", "nightly", "true",
	}
	versionNames = []string{
		"1.2.3", "0.0.0", "0.4.1", "10.20.30", "1.2.3-rc.1", "1.2.3-0", "1.2.3-01", "1.2.3-a.b-c.7", "1.2.3+b7", "1.2.3-rc.1+b.7", "1.2", "1", "01.2.3", "1.2.3.4",
		"1.2.3rc4", "1.0.post1", "1.0.dev2", "1!2.0", "2024.01.05", "1.0a1", "1.0-1", "1.0+ubuntu.1", "1.0.0-beta", "1.2.3-", "20240105", "1.2.3--x", "1.0c2", "1_2",
		"99999999999999999999.0.0", "1.2.3-99999999999999999999", "1.2.3+01", "", "1.0.0.post1.dev2", "1.0preview", "1.2.x", "1.0RC1",
	}
	versionPrefixes = []string{"", "", "", "v", "v", "v", "V", "=", "vv", "v ", "svc/v", "app-", "release-", "a/b/v", "r"}
	otherTags       = []string{"nightly-7", "latest", "a&b", "it's", "REL-7", "1-2-3", "build17", "-x", "tag/with/slashes", "ü", "v", "stable"}
	descriptions    = []any{nil, "", "A shop & more", `"quoted" = 'it'`, "{{branch}}", "naïve — 日本"}
)

// Pieces of inputs.
var (
	dateTokens = []string{
		"YYYY", "YY", "MM", "M", "MMM", "MMMM", "DD", "D", "Do", "DDD", "DDDD", "HH", "H", "hh", "h", "mm", "ss", "SSS", "a", "A", "dddd", "ddd", "dd", "d", "E", "Q", "W",
		"WW", "GGGG", "X", "x", "Z", "ZZ", "z", "[T]", "[at & <]", "-", ".", "_", " ", "kk", "Mo", "Wo", "S", "SSSSSS", `\\Y`, ":", "T", "é",
	}
	zones       = []string{"UTC", "Asia/Tokyo", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns", "Etc/GMT+5"}
	expressions = []string{"branch", "tag", "sha", "base_ref", "is_default_branch", "is_not_default_branch"}
	literals    = []string{"x", "1.2", "edge", "latest", "Foo_Bar", "a/b", "a:b", "ü", "a=b", "", "main", "v9.0.1", "a b", "stable", "x&y", "1", "build 17", "-x", "_x"}
	regexps     = []string{
		`v(.*)`, `\d+`, `(\d+)\.(\d+)`, `/v(.+)$`, `v(.+)$`, `/rel-(\d)/i`, `/\d/g`, `x(\d)`, `^v?(\d+\.\d+\.\d+)$`, `(a)|(b)`, `.*`, `/V(.*)/i`, `/^.+$/s`, `[^a-z]+`,
		`(?:v|r)(\d+)`, `/\d+/y`, `\w+-(\w+)`, `/(\d)(\d)?/`, `^$`, ``, `\bv`, `\d{2}`, `(v)?(\d)`, `/[A-Z]+/gi`, `(?<n>\d+)`, `\/`, `\s`, `.`,
	}
	wrongRegexps = []string{`(?=v)`, `(`, `/x/q`, `/a/b/c`, `v.*`}
	grouped      = []string{`v(.*)`, `/v(.+)$`, `^v?(\d+\.\d+\.\d+)$`, `-(.*)`, `(\d+\.\d+.*)`, `(.*)rc`, `x(\d)?`, `(\d.*)|v`, `(?:app|svc).v?(?<v>.+)`}
	patterns     = []string{
		"{{version}}", "{{version}}", "{{major}}.{{minor}}", "{{major}}", "{{major}}.{{minor}}.{{patch}}", "{{raw}}", "{{ raw }}", "{{{raw}}}", "v{{major}}", "{{raw}}-x",
		"x", "", "{{ version }}-{{ patch }}", "{{&raw}}", "{{patch}}{{minor}}",
	}
	semverPatterns = append([]string{"{{prerelease}}", "{{build}}", "{{major}}-{{build}}"}, patterns...)
	labelNames     = []string{
		"org.opencontainers.image.title", "org.opencontainers.image.version", "a", "A", "b.c", "B-d", "a.b", "org.opencontainers.image.created", "a_b", "x/y", "é", " a ", "Z9",
		"org.opencontainers.image.description", "{{branch}}", "1",
	}
)

// A dice makes the choices of one job.
type dice struct {
	*rand.Rand
	careless bool // makes mistakes: most jobs make none, as one hides what else is in a job
}

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// slip chooses from a list, or rather from another one if this job makes mistakes.
func (d dice) slip(list []string, mistakes ...string) string {
	if d.careless && d.chance(15) {
		return pick(d, mistakes)
	}
	return pick(d, list)
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// newJob makes the job of a seed and a number.
func newJob(seed, number uint64) job {
	d := dice{Rand: rand.New(rand.NewPCG(seed, number))}
	d.careless = d.chance(25)
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(d.Int64N(15*365*24*3600*1000)) * time.Millisecond)
	j := job{now: now, fetched: now.Truncate(time.Second).Add(-time.Duration(d.IntN(90*24*3600)) * time.Second)}
	j.repository = map[string]any{
		"name": "y", "full_name": "x/y", "default_branch": "main", "description": pick(d, descriptions), "html_url": "https://github.example/x/y",
		"license": pick(d, []any{nil, map[string]any{"spdx_id": "MIT"}}),
	}
	j.env = map[string]string{"GITHUB_REPOSITORY": "x/y", "GITHUB_SERVER_URL": "https://github.example", "GITHUB_SHA": merge}
	d.cause(&j)
	d.inputs(&j)
	if d.chance(15) {
		j.env["DOCKER_METADATA_SHORT_SHA_LENGTH"] = pick(d, []string{"1", "12", "40", "64"})
	}
	if d.chance(25) {
		j.env["DOCKER_METADATA_PR_HEAD_SHA"] = pick(d, []string{"true", "false", "TRUE"})
	}
	if d.chance(15) {
		j.env["DOCKER_METADATA_ANNOTATIONS_LEVELS"] = pick(d, []string{"index", "manifest,index", "manifest-descriptor"})
	}
	return j
}

func (d dice) gitTag() string {
	if d.chance(25) {
		return pick(d, otherTags)
	}
	return pick(d, versionPrefixes) + pick(d, versionNames)
}

// cause sets the event, its ref and its payload.
func (d dice) cause(j *job) {
	j.event = map[string]any{"repository": j.repository}
	branch := "refs/heads/" + pick(d, branchNames)
	event, ref := "push", branch
	switch n := d.IntN(100); {
	case n < 22: // a branch
	case n < 60:
		ref = "refs/tags/" + d.gitTag()
		event = pick(d, []string{"push", "push", "push", "release", "create", "workflow_dispatch"})
		j.event["base_ref"] = pick(d, []any{nil, "refs/heads/main", "refs/heads/rel/1&2"})
	case n < 82:
		event = pick(d, []string{"pull_request", "pull_request", "pull_request_target", "pull_request_review"})
		ref = pick(d, []string{"refs/pull/42/merge", "refs/pull/42/merge", "refs/pull/42/head", "refs/heads/main"})
		if event == "pull_request_target" {
			ref = "refs/heads/main"
		}
		j.event["number"] = 42
		j.event["pull_request"] = map[string]any{
			"head": map[string]any{"ref": pick(d, branchNames), "sha": head, "repo": map[string]any{"full_name": "x/y"}},
			"base": map[string]any{"ref": pick(d, branchNames), "sha": merge},
		}
	default:
		event = pick(d, []string{
			"schedule", "schedule", "workflow_dispatch", "merge_group", "issues", "discussion", "create", "workflow_run", "issue_comment", "repository_dispatch",
		})
		if event == "schedule" || event == "issues" {
			ref = "refs/heads/main"
		}
		if event == "schedule" && d.chance(30) { // the original asks GitHub, which is nothing to wait for
			delete(j.event, "repository")
			j.repository["description"], j.repository["license"] = nil, nil
		}
	}
	j.env["GITHUB_EVENT_NAME"], j.env["GITHUB_REF"] = event, ref
	if event != "push" {
		return
	}
	commit := func(id string) map[string]any {
		return map[string]any{"id": id, "timestamp": j.fetched.Add(-time.Hour).In(time.FixedZone("", 9*3600)).Format(time.RFC3339)}
	}
	j.event["commits"] = pick(d, [][]any{{}, {commit(head), commit(merge)}, {commit(head)}})
	j.event["head_commit"] = pick(d, []any{nil, commit(merge), commit(head)})
}

// text is a value: plain or with expressions.
func (d dice) text() string {
	var b strings.Builder
	for range 1 + d.IntN(3) {
		switch n := d.IntN(100); {
		case n < 45:
			b.WriteString(pick(d, literals))
		case n < 85:
			fmt.Fprintf(&b, pick(d, []string{"{{%s}}", "{{%s}}", "{{%s}}", "{{ %s }}", "{{{%s}}}", "{{&%s}}"}), pick(d, expressions))
		case n < 98:
			b.WriteString(d.date())
		default:
			b.WriteString(d.slip([]string{"{{!note}}", "{ ", " }}"}, "{{nothing}}", "{{{tag}}", "{{#if tag}}x{{/if}}", "{{version}}", "{{date}}", `\{{tag}}`))
		}
	}
	return b.String()
}

func (d dice) date() string {
	var format strings.Builder
	for range 1 + d.IntN(4) {
		format.WriteString(pick(d, dateTokens))
	}
	zone := ""
	if d.chance(50) {
		zone = " tz='" + pick(d, zones) + "'"
	}
	return fmt.Sprintf("{{%s '%s'%s}}", pick(d, []string{"date", "commit_date"}), format.String(), zone)
}

// inputs sets what a step gives the action; lists are one a line.
func (d dice) inputs(j *job) {
	set := func(name string, lines []string) {
		if len(lines) > 0 {
			j.env["INPUT_"+name] = strings.Join(lines, "\n")
		}
	}
	repeat := func(most int, line func() string) (lines []string) {
		for range d.IntN(most + 1) {
			lines = append(lines, line())
		}
		return lines
	}
	set("IMAGES", repeat(3, func() string {
		return pick(d, []string{"R.io/Acme/Shop",
			"R.io/Acme/Shop", "x/y,enable=false", "name=a/b", "name=c/d,enable=true", "localhost:5000/ee", "f/g,h/i", "# none", "x/z", "Q/r",
			d.slip([]string{"Name = l/m", "n/o"}, "x/y , enable=no", "j/k=l"),
		})
	}))
	set("TAGS", repeat(5, d.rule))
	set("FLAVOR", repeat(2, d.flavor))
	set("LABELS", repeat(3, d.label))
	set("ANNOTATIONS", repeat(2, d.label))
}

func (d dice) flavor() string {
	var fields []string
	for range 1 + d.IntN(2) {
		switch d.IntN(4) {
		case 0:
			fields = append(fields, "latest="+d.slip([]string{"auto", "true", "false"}, "maybe"))
		case 1:
			fields = append(fields, pick(d, []string{"prefix=", "Prefix = "})+pick(d, []string{"ci-", "{{branch}}-", "", "a=b", "x", "{{sha}}."}))
		case 2:
			fields = append(fields, "suffix="+pick(d, []string{"-alpine", "-{{tag}}", "", "&", "-amd", "-{{base_ref}}"}))
		default:
			fields = append(fields, pick(d, []string{"suffix=-slim", "prefix=p-"}), "onlatest="+d.slip([]string{"true", "true", "false"}, "yes"))
		}
	}
	return strings.Join(fields, ",")
}

func (d dice) label() string {
	switch d.IntN(25) {
	case 0:
		return d.slip([]string{"# note", "a=", "a==b"}, "novalue", "=x", "{{branch}}")
	case 1:
		return pick(d, []string{`a="x, y"`, `"a=x, y"`, `k={"a":"b","c":"d"}`, `"a=""q"""`, `"a"=b`, `a=b,"c"`, `a='x'`})
	}
	return pick(d, labelNames) + "=" + d.text()
}

// rule is a line of the input tags.
func (d dice) rule() string {
	kind := pick(d, []string{"schedule", "semver", "semver", "semver", "pep440", "pep440", "match", "match", "edge", "ref", "ref", "ref", "raw", "raw", "sha", "sha"})
	fields := append([]string{"type=" + kind}, d.attributes(kind)...)
	for _, a := range []struct {
		percent int
		field   func() string
	}{
		{12, func() string {
			return "priority=" + pick(d, []string{"950", "2000", "1", "600", "-5", "1e3", "0.5", "300", "700", d.slip([]string{"0", "+7"}, "", "high")})
		}},
		{12, func() string {
			return "prefix=" + pick(d, []string{"", "p-", "{{branch}}-", "v", "{{date 'YY'}}", "a=b"})
		}},
		{12, func() string {
			return "suffix=" + pick(d, []string{"", "-s", "-{{sha}}", "&", "{{is_default_branch}}"})
		}},
		{15, func() string {
			return "enable=" + pick(d, []string{"true", "false", "{{is_default_branch}}", "{{is_not_default_branch}}", "{{is_default_branch}}", "true", "false", d.slip([]string{"true", "false"}, "yes", "True", "")})
		}},
		{3, func() string {
			return pick(d, []string{"unknown=1", "", "free", "Type=raw", "=x", "value", "toString=1"})
		}},
	} {
		if d.chance(a.percent) {
			fields = append(fields, a.field())
		}
	}
	if d.chance(10) {
		d.Shuffle(len(fields), func(i, k int) { fields[i], fields[k] = fields[k], fields[i] })
	}
	switch n := d.IntN(100); {
	case n < 4:
		return strings.Join(fields, " , ")
	case n < 7: // quoted as a whole
		return `"` + strings.ReplaceAll(strings.Join(fields, ","), `"`, `""`) + `"`
	case n < 9:
		fields[len(fields)-1] = `"` + fields[len(fields)-1] + `"`
	case n < 10:
		return d.slip([]string{"plain", "# note", "{{branch}}", "a,b", "x/y:1"}, "type=nope", "foo=bar", "type=ref", "type=raw", "type=semver", ",")
	}
	return strings.Join(fields, ",")
}

// attributes are those of a type's own.
func (d dice) attributes(kind string) (fields []string) {
	optional := func(percent int, field string) {
		if d.chance(percent) {
			fields = append(fields, field)
		}
	}
	value := pick(d, []string{"v9.0.1", "{{branch}}", "{{tag}}", "1.2.3rc1", "", "x/1.0.0", "build 17", "{{date 'YYYY.M.D'}}"})
	switch kind {
	case "schedule":
		optional(50, "pattern="+pick(d, []string{d.date(), "weekly", "", "n-" + d.date()}))
	case "semver":
		fields = []string{"pattern=" + pick(d, semverPatterns)}
	case "pep440":
		fields = []string{"pattern=" + pick(d, patterns)}
	case "match":
		fields = []string{"pattern=" + d.slip(regexps, wrongRegexps...)}
		optional(50, "group="+pick(d, []string{"0", "1", "1", "1", "2", "9", "-1", d.slip([]string{"0", "2"}, "one", "", "01", "1.0")}))
	case "edge":
		optional(50, "branch="+pick(d, []string{"dev", "main", "", "{{branch}}", "feat/a@b#1"}))
	case "ref":
		fields = []string{"event=" + d.slip([]string{"branch", "tag", "pr"}, "release")}
	case "raw":
		fields = []string{pick(d, []string{"value=", "value=", ""}) + d.text()}
	case "sha":
		optional(40, "format="+d.slip([]string{"short", "long"}, "Long"))
	}
	if kind == "semver" || kind == "pep440" {
		optional(15, "match="+d.slip(grouped, wrongRegexps...))
	}
	if kind != "raw" && (kind == "semver" || kind == "pep440" || kind == "match") {
		optional(25, "value="+value)
	}
	return fields
}

package contract

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A difference is one that the documentation tells of on the page on tags. It says how both are made to mean the same, or else what is left
// out of the comparison.
type difference struct {
	name, reason string

	ask func(env map[string]string)         // changes what the original is asked
	see func(o *outcome)                    // changes both outcomes
	has func(j job, want, got outcome) bool // leaves the job out, if the outcomes still differ
}

var differences = []difference{
	{
		name: "a&b in a branch", reason: "names are no HTML; triple braces tell the original so",
		ask: func(env map[string]string) {
			for _, name := range []string{"INPUT_TAGS", "INPUT_FLAVOR", "INPUT_LABELS", "INPUT_ANNOTATIONS"} {
				if text, ok := env[name]; ok {
					env[name] = mustache.ReplaceAllStringFunc(text, triple)
				}
			}
		},
	},
	{
		name: "= in a flavor's value", reason: "the original cuts the value there, and with it a time zone; in a tag it is a hyphen anyhow",
		ask: func(env map[string]string) {
			if text, ok := env["INPUT_FLAVOR"]; ok {
				env["INPUT_FLAVOR"] = strings.ReplaceAll(text, "a=b", "a-b")
			}
		},
	},
	{
		name: "order of labels", reason: "the original's depends on the locale",
		see: func(o *outcome) {
			slices.Sort(o.Labels)
			slices.Sort(o.Annotations)
		},
	},
	{
		name: "a tag twice", reason: "pushing it once is enough",
		see: func(o *outcome) { o.Tags, o.Names = unique(o.Tags), unique(o.Names) },
	},
	{
		name: "long names, and dots and hyphens in front", reason: "registries refuse such a tag",
		has: func(_ job, want, got outcome) bool {
			return slices.ContainsFunc(want.Names, refused) && (strings.Contains(got.Failure, "is no tag") || alike(want.Names, got.Names, refused))
		},
	},
	{
		name: "templates on latest", reason: "the original puts their text there",
		has: func(j job, want, got outcome) bool {
			flavor := j.env["INPUT_FLAVOR"]
			last := len(want.Names) - 1
			return strings.Contains(flavor, "{{") && strings.Contains(flavor, "onlatest=true") && last > 0 && strings.Contains(want.Names[last], "latest") &&
				len(got.Names) > 0 && alike(want.Names[:last], got.Names[:min(last, len(got.Names))], refused)
		},
	},
	{
		name: "wrong values", reason: "what the original takes for nothing, or comes upon with some events only, is an error",
		has: func(_ job, want, got outcome) bool {
			return want.Failure == "" && slices.ContainsFunc(wrong, func(s string) bool { return strings.Contains(got.Failure, s) })
		},
	},
	{
		name: "a group that takes no part in a match", reason: "the original breaks down",
		has: func(_ job, want, _ outcome) bool {
			return strings.Contains(want.Failure, "Cannot read properties of undefined")
		},
	},
	{
		name: "long numbers of pep440", reason: "the original rounds them",
		has: func(j job, want, got outcome) bool {
			return strings.Contains(j.env["INPUT_TAGS"], "type=pep440") && long.MatchString(j.env["GITHUB_REF"]) && len(want.Names) == len(got.Names)
		},
	},
	{
		name: "double quotes around a field", reason: "the original reads a line twice and loses them, so that a comma in them ends the field",
		has: func(j job, _, _ outcome) bool { return quoted.MatchString(j.env["INPUT_TAGS"]) },
	},
	{
		name: "letters outside of ASCII", reason: "they all become the same hyphen, so a hash of the name follows",
		has: func(j job, want, got outcome) bool {
			return len(want.Names) == len(got.Names) && slices.ContainsFunc(got.Names, hashed.MatchString) && foreign.MatchString(j.String())
		},
	},
	{
		name: "names with an owner", reason: "nobody else shall take them",
		has: func(_ job, want, got outcome) bool {
			return strings.Contains(got.Failure, "belongs to") || len(want.Names) == len(got.Names) && slices.ContainsFunc(got.Names, renamed.MatchString)
		},
	},
	{
		name: "latest without rules", reason: "only the newest stable release moves it",
		has: func(j job, want, got outcome) bool {
			return j.env["INPUT_TAGS"] == "" && slices.Equal(want.Names, append(slices.Clone(got.Names), "latest"))
		},
	},
	{
		name: "is_default_branch elsewhere", reason: "the branch decides and not the event",
		has: func(j job, _, _ outcome) bool {
			return strings.Contains(j.String(), "default_branch}}") && j.env["GITHUB_EVENT_NAME"] != "push" && j.env["GITHUB_REF"] != "refs/heads/main"
		},
	},
	{
		name: "plain tags and references", reason: "they are this project's own",
		has: func(j job, _, _ outcome) bool { return plain.MatchString(j.env["INPUT_TAGS"]) },
	},
}

var (
	mustache = regexp.MustCompile(`\{{2,3}[^{}]*\}\}`)
	global   = regexp.MustCompile(`^\{\{ ?(branch|tag|sha|base_ref|is_default_branch|is_not_default_branch|date|commit_date)\b`)
	valid    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
	long     = regexp.MustCompile(`[0-9]{16}`)
	quoted   = regexp.MustCompile(`(?m),"`)
	hashed   = regexp.MustCompile(`-[0-9a-f]{8}\b`)
	renamed  = regexp.MustCompile(`^(branch|tag)-.*-[0-9a-f]{8}$`)
	foreign  = regexp.MustCompile(`[^\x00-\x7f]`)
	plain    = regexp.MustCompile(`(?m)^(a,b|x/y:1)$`)
	wrong    = []string{
		"is no number", "is not NAME=VALUE", "has no group; put", "the syntax is RE2", "there is no flag", "there is no {{", "is not understood", "takes a format", "is not offered",
		"is not closed", "reading image", "backslash",
	}
)

// triple puts triple braces around an expression in double ones. It leaves those of versions alone, which the original would add up.
func triple(s string) string {
	if !global.MatchString(s) {
		return s
	}
	return "{" + s + "}"
}

// refused reports whether registries take no such tag.
func refused(tag string) bool { return !valid.MatchString(tag) }

// alike reports whether names are the same in all places but those of names that are left out.
func alike(want, got []string, left func(string) bool) bool {
	return slices.EqualFunc(want, got, func(a, b string) bool { return a == b || left(a) })
}

// unique drops what comes again.
func unique(list []string) []string {
	out := []string{}
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// asked are the variables that the original is given.
func (j job) asked() map[string]string {
	env := maps.Clone(j.env)
	for _, d := range differences {
		if d.ask != nil {
			d.ask(env)
		}
	}
	return env
}

// seen changes an outcome so that differences which are of no account do not show.
func (o outcome) seen() outcome {
	for _, d := range differences {
		if d.see != nil {
			d.see(&o)
		}
	}
	return o
}

// excuse names the difference that explains why two outcomes are not the same, "" if none does.
func excuse(j job, want, got outcome) string {
	for _, d := range differences {
		if d.has != nil && d.has(j, want, got) {
			return d.name + ": " + d.reason
		}
	}
	return ""
}

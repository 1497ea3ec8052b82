// Package tags decides under which references an image is pushed, and what labels it has. The rules are the rules
// of docker/metadata-action; additions have words of their own.
package tags

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Inputs are the settings, one line an item.
type Inputs struct {
	Images      []string // names without tags, NAME or name=NAME,enable=BOOL
	Tags        []string // rules such as type=semver,pattern={{version}}; plain tags; or full references
	Flavor      []string // what rules share, such as latest=auto
	Labels      []string // NAME=VALUE with templates, over the default ones
	Annotations []string // likewise
}

// A Source is what tags are made from. The zero value is a build that no event caused.
type Source struct {
	Event      string    // GitHub's name, or the nearest to it
	Ref        string    // refs/heads/..., refs/tags/... or refs/pull/N/merge
	SHA        string    // of the commit
	Short      int       // how long a short SHA is; 0 is 7
	Default    string    // the default branch
	Base       string    // the branch that a pull request is for, or that a tag was made on, if known
	Date       time.Time // of the run
	CommitDate time.Time // zero for Date
	Created    time.Time // of the image; zero for Date
	Project    Project

	// Reserved begin the tags of a cache that has prefixes of its own, such as mycache-.
	Reserved []string

	// Existing are the tags that a repository of images has, asked for latest=highest, and for a release where there are no rules.
	Existing func(image string) ([]string, error)
}

// A Project is what the default labels say of the repository.
type Project struct{ Name, Description, URL, License string }

// Settings are inputs that have been read.
type Settings struct {
	images              []string
	rules               []rule // the first has the highest priority
	references          []string
	flavor              flavor
	labels, annotations []template
	unknown             []string
	standard            bool // there are no rules of the user's
}

// Parse reads the inputs. Whatever is wrong with them is found here and does not depend on the event.
func Parse(in Inputs) (Settings, error) {
	var s Settings
	var err error
	if s.images, err = parseImages(in.Images); err != nil {
		return s, err
	}
	for i, image := range s.images {
		if s.images[i], err = Image(image); err != nil {
			return s, err
		}
	}
	if s.flavor, err = parseFlavor(in.Flavor); err != nil {
		return s, err
	}
	if err := s.readTags(in.Tags); err != nil {
		return s, err
	}
	slices.SortStableFunc(s.rules, func(a, b rule) int { return cmp.Compare(b.priority, a.priority) })
	if s.labels, err = compileLabels("label", in.Labels); err != nil {
		return s, err
	}
	s.annotations, err = compileLabels("annotation", in.Annotations)
	return s, err
}

// readTags tells rules, plain tags and references apart. A tag has no slash, no colon and no equals sign, so nothing is
// ambiguous.
func (s *Settings) readTags(lines []string) error {
	if len(lines) == 0 {
		lines, s.standard = defaultRules, true
	}
	for _, line := range lines {
		fields, err := record(line)
		if err != nil {
			return fmt.Errorf("reading tags: %w", err)
		}
		items := []string{line}
		if !isRule(fields) {
			items = plainTags(fields)
		}
		for _, item := range items {
			if !isRule(fields) && strings.ContainsAny(mustache.ReplaceAllString(item, ""), "/:") {
				ref, err := reference(item)
				if err != nil {
					return err
				}
				s.references = append(s.references, ref)
				continue
			}
			r, unknown, err := readRule(item, isRule(fields))
			if err != nil {
				return err
			}
			for _, name := range unknown {
				s.unknown = append(s.unknown, fmt.Sprintf("tag rule %q: %s means nothing", item, name))
			}
			s.rules = append(s.rules, r)
		}
	}
	return nil
}

func readRule(item string, isRule bool) (rule, []string, error) {
	if isRule {
		return parseRule(item)
	}
	if strings.Contains(mustache.ReplaceAllString(item, ""), "=") {
		return rule{}, nil, fmt.Errorf("reading tag %q: it is no tag and no rule, which has type= or another attribute", item)
	}
	r := rule{text: item, kind: "raw"}
	return r, nil, r.read(map[string]string{"value": item})
}

// plainTags are also separated by blanks, unless they have templates.
func plainTags(fields []string) []string {
	var items []string
	for _, field := range fields {
		if strings.Contains(field, "{{") {
			items = append(items, field)
			continue
		}
		items = append(items, strings.Fields(field)...)
	}
	return items
}

// A Result is what an image is called and labelled.
type Result struct {
	Version     string   // the first tag that the rules make, or the tag of the first reference; "" if none
	Names       []string // tags without images
	References  []string // to push
	Labels      []string // NAME=VALUE, sorted
	Annotations []string // likewise
	Warnings    []string // lower case, without full stop
}

// Make applies the settings to an event. Full references come first, then the names of each image.
func (s Settings) Make(src Source) (Result, error) {
	m := maker{Settings: s, src: src}
	m.warnings = slices.Clone(s.unknown)
	if err := m.run(); err != nil {
		return Result{}, err
	}
	if err := m.ownedReferences(); err != nil {
		return Result{}, err
	}
	r := Result{Version: m.main, References: slices.Clone(s.references)}
	if m.main != "" {
		r.Names = append([]string{m.main}, m.partial...)
		if m.latest {
			r.Names = append(r.Names, m.latestName())
		}
		r.Names = unique(r.Names)
	}
	for _, image := range s.images {
		for _, name := range r.Names {
			ref, err := reference(image + ":" + name)
			if err != nil {
				return Result{}, err
			}
			r.References = append(r.References, ref)
		}
	}
	r.References = unique(r.References)
	if len(s.references) > 0 && r.Version == "" {
		_, r.Version = split(s.references[0])
	}
	if r.Version == "" {
		m.warn("no tag is made for this event; see the input tags")
	}
	r.Labels = m.labelled(s.labels, r.Version)
	r.Annotations = m.labelled(s.annotations, r.Version)
	r.Warnings = m.warnings
	return r, nil
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
)

// A revision is an element of revisions.json of nixpkgs-multiverse: one of the channel nixos-unstable.
type revision struct {
	Commit string `json:"rev"`
	Date   string `json:"date"`
	NAR    string `json:"narHash"`
}

// versionIndex is index/versions.json: of each attribute and version the newest revision that has it, as a position in revisions.json; null
// stands for the newest of all.
type versionIndex struct {
	Revisions int                        `json:"revisionCount"`
	Versions  map[string]map[string]*int `json:"attrs"`
}

// outpaths is outpaths-SYSTEM.json: of each attribute and version the hash of its store path, and the name if it is not ATTRIBUTE-VERSION.
type outpaths struct {
	Paths map[string]map[string][]string `json:"attrs"`
}

var (
	commitForm    = regexp.MustCompile(`^[0-9a-f]{40}$`)
	narForm       = regexp.MustCompile(`^sha256-[0-9A-Za-z+/]{43}=$`)
	dayForm       = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	storeHashForm = regexp.MustCompile(`^[0-9a-df-np-sv-z]{32}$`)
	storeNameForm = regexp.MustCompile(`^[0-9A-Za-z+._?=-]{1,200}$`)
	digits        = regexp.MustCompile(`[0-9]+`)
)

// readNixpkgs adds versions of the attributes that the catalogue has, and of those that differ from them in numbers alone: nodejs_28 is
// found by nodejs_26.
func readNixpkgs(ctx context.Context, d *dataset, from bases, c *client) error {
	var revisions []revision
	var index versionIndex
	if err := errors.Join(c.decode(ctx, from.multiverse+"/revisions.json", &revisions), c.decode(ctx, from.multiverse+"/index/versions.json", &index)); err != nil {
		return err
	}
	if index.Revisions > len(revisions) || index.Revisions < 1 {
		return fmt.Errorf("reading %s/index/versions.json: it is of %d revisions, and there are %d", from.multiverse, index.Revisions, len(revisions))
	}
	paths := map[string]outpaths{}
	for _, system := range []string{"x86_64", "aarch64"} {
		var p outpaths
		if err := c.decode(ctx, from.outpaths+"/outpaths-"+system+"-linux.json", &p); err != nil {
			return err
		}
		paths[system] = p
	}
	tools := d.attributes()
	for _, attribute := range slices.Sorted(maps.Keys(index.Versions)) {
		tool := tools[digits.ReplaceAllString(attribute, "0")]
		for _, version := range slices.Sorted(maps.Keys(index.Versions[attribute])) {
			if tool == "" || !versionForm.MatchString(version) {
				continue // as unstable-2026-01-01
			}
			at := index.Revisions - 1
			if closed := index.Versions[attribute][version]; closed != nil {
				at = *closed
			}
			if at < 0 || at >= len(revisions) {
				return fmt.Errorf("reading %s/index/versions.json: %s %s is at %d of %d revisions", from.multiverse, attribute, version, at, len(revisions))
			}
			p := catalogue.Package{Version: version, Attribute: attribute}
			for system, path := range map[string]*string{"x86_64": &p.AMD64, "aarch64": &p.ARM64} {
				*path = storePath(attribute, version, paths[system].Paths[attribute][version])
			}
			if err := d.at(tool, p, revisions[at]); err != nil {
				return err
			}
		}
	}
	return nil
}

// attributes are the tools of the known attributes, whose numbers are 0.
func (d *dataset) attributes() map[string]string {
	tools := map[string]string{}
	for name, rows := range d.files {
		for _, p := range rows.Packages {
			tools[digits.ReplaceAllString(p.Attribute, "0")] = name
		}
	}
	return tools
}

func (d *dataset) at(tool string, p catalogue.Package, r revision) error {
	if !commitForm.MatchString(r.Commit) || !narForm.MatchString(r.NAR) || !dayForm.MatchString(r.Date) {
		return fmt.Errorf("%s %s: the index has the revision %+.200v", tool, p.Version, r)
	}
	p.Commit, p.Date, p.NAR = r.Commit, catalogue.Day(r.Date), r.NAR
	if err := d.pack(tool, p); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.tool(tool).Packages, func(k catalogue.Package) bool { return k.Commit == p.Commit && k.Added == d.today }) {
		return nil
	}
	return d.archive(catalogue.Archive{Commit: p.Commit, Date: p.Date, NAR: p.NAR, Branch: "nixos-unstable"})
}

// storePath is empty where the index has none of that form.
func storePath(attribute, version string, entry []string) string {
	if len(entry) == 0 || !storeHashForm.MatchString(entry[0]) {
		return ""
	}
	name := attribute + "-" + version
	if len(entry) > 1 && entry[1] != "" {
		name = entry[1]
	}
	if !storeNameForm.MatchString(name) || strings.HasPrefix(name, ".") {
		return ""
	}
	return "/nix/store/" + entry[0] + "-" + name
}

package store

import (
	"fmt"
	"strconv"
	"strings"
)

// String writes the release as one line, the form in which a plan has it:
//
//	NAME@VERSION PLATFORM URL HASH [strip=N] [into=PATH] [file=PATH] [link=PATH:TARGET]... [path=PATH]...
//
// strip is 1 where it is left out; file is the name of what is no archive.
func (r Release) String() string {
	fields := []string{r.ID(), r.Platform, r.URL, r.Hash}
	switch {
	case r.File:
		fields = append(fields, "file="+r.Into)
	case r.Into != "":
		fields = append(fields, "into="+r.Into)
	}
	if !r.File && r.Strip != 1 {
		fields = append(fields, "strip="+strconv.Itoa(r.Strip))
	}
	for _, l := range r.Links {
		fields = append(fields, "link="+l.Path+":"+l.Target)
	}
	for _, p := range r.Paths {
		fields = append(fields, "path="+p)
	}
	return strings.Join(fields, " ")
}

// maxText is how long the line of a release may be, in bytes.
const maxText = 8 << 10

// ParseRelease reads what [Release.String] writes. The release is checked.
func ParseRelease(text string) (Release, error) {
	if len(text) > maxText {
		return Release{}, fmt.Errorf("it has %d bytes, and at most %d are read", len(text), maxText)
	}
	fields := strings.Fields(text)
	if len(fields) < 4 {
		return Release{}, fmt.Errorf("%.80q has less than the four parts of a release", text)
	}
	r := Release{Platform: fields[1], URL: fields[2], Hash: fields[3], Strip: 1}
	r.Name, r.Version, _ = strings.Cut(fields[0], "@")
	for _, option := range fields[4:] {
		if err := r.set(option); err != nil {
			return Release{}, err
		}
	}
	if r.File {
		r.Strip = 0
	}
	return r, r.Check()
}

// set takes over one KEY=VALUE.
func (r *Release) set(option string) error {
	key, value, ok := strings.Cut(option, "=")
	switch {
	case !ok:
		return fmt.Errorf("%.80q is not KEY=VALUE", option)
	case key == "strip":
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("strip %.80q is no number", value)
		}
		r.Strip = n
	case key == "into":
		r.Into = value
	case key == "file":
		r.Into, r.File = value, true
	case key == "link":
		path, target, _ := strings.Cut(value, ":")
		r.Links = append(r.Links, Link{path, target})
	case key == "path":
		r.Paths = append(r.Paths, value)
	default:
		return fmt.Errorf("%.80q is none of strip, into, file, link and path", key)
	}
	return nil
}

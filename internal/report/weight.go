package report

import (
	"fmt"
	"strings"
)

// on is where the image of the base is, in words.
func on(base *Base) string {
	if base == nil || base.Branch == "" {
		return "before"
	}
	return "on " + code(shorten(base.Branch, 80))
}

// weight is the size of the image and the number of its layers, and how they differ from the base branch's.
func (b *Build) weight(base *Base) string {
	if b.Image == nil {
		return ""
	}
	text := "image " + size(b.Image.Size)
	if b.Before == nil {
		return text
	}
	var differs []string
	switch d := b.Image.Size - b.Before.Size; {
	case d > 0:
		differs = append(differs, size(d)+" more")
	case d < 0:
		differs = append(differs, size(-d)+" less")
	}
	switch d := len(b.Image.Layers) - len(b.Before.Layers); {
	case d > 0:
		differs = append(differs, count(d, "more layer", "more layers"))
	case d < 0:
		differs = append(differs, count(-d, "fewer layer", "fewer layers"))
	}
	if len(differs) == 0 {
		return text + ", as " + on(base)
	}
	return text + ", **" + strings.Join(differs, ", ") + "** than " + on(base)
}

// time is how long the build took, and how long the base branch's did.
func (b *Build) time(base *Base) string {
	text := took(b.Duration)
	if b.BeforeCost != nil && b.Promoted == "" {
		text += fmt.Sprintf(" (%s %s)", on(base), took(b.BeforeCost.Duration))
	}
	return text
}

// transfers is what the build transferred, where the base branch's is known.
func (b *Build) transfers(base *Base) string {
	if b.BeforeCost == nil || b.Promoted != "" {
		return ""
	}
	var n int64
	for _, s := range b.Steps {
		n += s.Bytes
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s transferred (%s %s)", size(n), on(base), size(b.BeforeCost.Bytes))
}

package reserved

import "strings"

// A Kind is what a name is of.
type Kind string

// The kinds.
const (
	OfTag        Kind = "tag"
	OfRepository Kind = "repository"
	OfVariable   Kind = "variable"
	OfFile       Kind = "file"
)

// A Name is one with an owner, in the words of the documentation.
type Name struct {
	Kind   Kind
	Form   string // Markdown
	Owner  string
	Others string // who else may give it, "nobody" for nobody
}

// Names is the whole list, in the order in which names are looked up.
func Names() []Name {
	var list []Name
	for _, n := range names {
		list = append(list, Name{OfTag, n.written, n.owner, otherGivers(n.may)})
	}
	list = append(list, Name{OfTag, "the default branch's", defaultBranch, otherGivers([]Giver{Rule, User})},
		Name{OfRepository, "`IMAGE/" + Caches + "`", "the caches of the image `IMAGE`", otherGivers(nil)})
	for _, v := range variables {
		list = append(list, Name{OfVariable, "`" + v.prefix + "…`", v.owner, otherGivers(v.may)})
	}
	for _, f := range files {
		list = append(list, Name{OfFile, "`" + strings.ReplaceAll(f.glob, "*", "…") + "`", f.owner, otherGivers(nil)})
	}
	return list
}

// inWords are givers with their article.
var inWords = map[Giver]string{Branch: "a branch", Tag: "a git tag", Rule: "a rule", User: "an input", Output: "an output", App: "an app"}

func otherGivers(may []Giver) string {
	var words []string
	for _, giver := range may {
		words = append(words, inWords[giver])
	}
	if len(words) == 0 {
		return "nobody"
	}
	return strings.Join(words, ", ")
}

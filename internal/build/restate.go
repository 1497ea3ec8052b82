package build

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// provenancePrefix begins the types of SLSA's provenance.
const provenancePrefix = "https://slsa.dev/provenance/"

// promotionKey is the member of a statement that says where a promoted image comes from. Members that are extensions are named by a URL.
const promotionKey = "https://github.com/org/npx-action/promotion/v1"

// An earlierOrigin is what a statement said before its image was promoted.
type earlierOrigin struct {
	Image   string          `json:"image"`             // digest of the image that was built
	Builder string          `json:"builder,omitempty"` // of the provenance: the run that built it
	Source  json.RawMessage `json:"source,omitempty"`  // of the plan's statement: the commit that it was built from
}

// restate makes a statement beside a promoted image one of this run, which names the earlier one. What other statements say is of the content.
func restate(o Origin, predicateType string, predicate []byte, earlier string) ([]byte, error) {
	switch {
	case predicateType == planPredicate && o.Source != nil:
		return restatePlan(o, predicate, earlier)
	case strings.HasPrefix(predicateType, provenancePrefix) && o.RunURL != "":
		return restateProvenance(o, predicate, earlier)
	}
	return predicate, nil
}

func restatePlan(o Origin, predicate []byte, earlier string) ([]byte, error) {
	source, err := json.Marshal(o.Source)
	if err != nil {
		return nil, err
	}
	return edit(predicate, func(m members) error {
		if string(m["source"]) == string(source) {
			return nil
		}
		old := earlierOrigin{Image: earlier, Source: m["source"]}
		m["source"] = source
		return m.set(promotionKey, old)
	})
}

// restateProvenance changes the builder of versions 0.2 and 1.
func restateProvenance(o Origin, predicate []byte, earlier string) ([]byte, error) {
	change := func(m members) error {
		var b struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(m["builder"], &b); err != nil {
			return fmt.Errorf("reading the builder of its provenance: %w", err)
		}
		if b.ID == o.RunURL {
			return nil
		}
		return cmp.Or(m.set("builder", map[string]string{"id": o.RunURL}), m.set(promotionKey, earlierOrigin{Image: earlier, Builder: b.ID}))
	}
	return edit(predicate, func(m members) error {
		if m["runDetails"] == nil {
			return change(m)
		}
		details, err := edit(m["runDetails"], change)
		m["runDetails"] = details
		return err
	})
}

// members are the members of a JSON object.
type members map[string]json.RawMessage

func (m members) set(name string, value any) error {
	text, err := json.Marshal(value)
	m[name] = text
	return err
}

// edit changes an object. One that stays the same keeps its bytes.
func edit(text []byte, change func(members) error) ([]byte, error) {
	var m, before members
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("reading a statement beside the image: %w", err)
	}
	before = maps.Clone(m)
	if err := change(m); err != nil {
		return nil, err
	}
	if maps.EqualFunc(m, before, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
		return text, nil
	}
	return json.Marshal(m)
}

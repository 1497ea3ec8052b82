package plan

// LinesJSON returns the line, from 1, on which a plan's JSON text says each of its facts. A text that
// [ParseJSON] refuses has none.
func LinesJSON(data []byte) map[Fact]int { return lines(readJSON(data)) }

// LinesTOML is [LinesJSON] for TOML.
func LinesTOML(data []byte) map[Fact]int { return lines(readTOML(data)) }

func lines(doc *document, root *node, err error) map[Fact]int {
	if err != nil {
		return nil
	}
	l := lineFinder{doc: doc, at: map[Fact]int{}}
	note(l, "", planFields, root)
	for _, m := range root.members {
		switch m.key {
		case keyPhases:
			for _, phase := range m.value.members {
				note(l, phase.key, phaseFields, phase.value)
			}
		case keyStart:
			note(l, keyStart, startFields, m.value)
		}
	}
	return l.at
}

// A lineFinder notes where facts are; the first place counts.
type lineFinder struct {
	doc *document
	at  map[Fact]int
}

func (l lineFinder) add(f Fact, offset int) {
	if _, ok := l.at[f]; !ok {
		l.at[f], _ = l.doc.position(offset)
	}
}

func note[T any](l lineFinder, phase string, fields []field[T], n *node) {
	for _, m := range n.members {
		for _, f := range fields {
			if m.key != f.key && (f.alias == "" || m.key != f.alias) {
				continue
			}
			switch {
			case f.text != nil:
				l.add(Fact{phase, f.label, m.value.text}, m.value.at)
			case f.list != nil:
				for _, item := range m.value.items {
					l.add(Fact{phase, f.label, item.text}, item.at)
				}
			default:
				for _, entry := range m.value.members {
					value := entry.value.text
					if f.label == labelAsset {
						value = assetText(value)
					}
					l.add(Fact{phase, f.label + " " + entry.key, value}, entry.at)
				}
			}
		}
	}
}

package plan

// A Fact is the smallest part of a plan that has a cause of its own: one package, one command, one variable.
type Fact struct {
	Phase string // its name; "start" for the start command; "" for the plan itself
	Field string // the words of [Text]: "nix", "cmd", "variable CI"
	Value string // as in the plan; of an asset its size and hash
}

// Text is the value on one line, as [Text] and [Diff] print it.
func (f Fact) Text() string { return oneLine(f.Value) }

// Facts lists what [Text] prints, in the same order, without the lines that say that something is empty.
func Facts(p Plan) []Fact {
	facts := factsOf("", planFields, p)
	for name, value := range Sorted(p.Variables) {
		facts = append(facts, Fact{Field: "variable " + name, Value: value})
	}
	for name, content := range Sorted(p.StaticAssets) {
		facts = append(facts, Fact{Field: "asset " + name, Value: assetText(content)})
	}
	for _, name := range runOrder(p.Phases) {
		facts = append(facts, factsOf(name, phaseFields, p.Phases[name])...)
	}
	if p.Start != nil {
		facts = append(facts, startFacts(*p.Start)...)
	}
	return facts
}

// startFacts lists what a start says. A name of a process that would make it unclear where the command begins is quoted.
func startFacts(s Start) []Fact {
	facts := factsOf(keyStart, startFields, s)
	for name, cmd := range Sorted(s.Processes) {
		facts = append(facts, Fact{Phase: keyStart, Field: labelProcess + " " + nameText(name, " "), Value: cmd})
	}
	return facts
}

// factsOf lists what the fields of v hold, dictionaries left out.
func factsOf[T any](phase string, fields []field[T], v T) []Fact {
	var facts []Fact
	for _, f := range fields {
		if f.dict != nil {
			continue
		}
		for _, value := range values(f, &v) {
			facts = append(facts, Fact{Phase: phase, Field: f.label, Value: value})
		}
	}
	return facts
}

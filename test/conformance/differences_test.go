package conformance

// A difference is what of a plan is not as in Nixpacks' snapshot, and why.
type difference struct {
	why   string
	lines []string // of the diff, as changedLines gives them
}

// expectedDifferences are by the names of the snapshots.
var expectedDifferences = map[string]difference{}

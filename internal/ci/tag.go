package ci

// AsksForBranches reports whether the standing of the event depends on which branches have the commit. Anybody who may write can make
// a tag of any commit, so a tag says nothing of who has seen the commit, unless the tag itself is protected.
func (e Event) AsksForBranches() bool {
	return e.Kind == Tag && !e.Protected && e.OnBranch == "" && e.standing() == branch
}

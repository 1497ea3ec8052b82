package providers

import "github.com/org/npx-action/internal/plan"

// A Reason says what in the app decided one fact of a provider's plan.
type Reason struct {
	// Fact is of the provider's own plan, its phases not yet prefixed. Without a Value it is every value of the
	// field that no other reason is about.
	Fact plan.Fact
	File string // that decided; "" if nothing in the app did and a default holds
	Line int    // from 1; 0 for the whole file
	Why  string // without a full stop, such as `engines.node is ">=20"` or "no version is asked for"
}

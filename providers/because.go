package providers

import "github.com/org/npx-action/internal/plan"

// about returns the reason for one fact, or without a value for the rest of its field.
func about(phase, field, value string, because Reason) Reason {
	because.Fact = plan.Fact{Phase: phase, Field: field, Value: value}
	return because
}

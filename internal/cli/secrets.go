package cli

import (
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/secret"
)

// secretHint says how a secret is given.
const secretHint = "give id=NAME with env=VARIABLE or src=FILE"

// secretOptions reads the values that --secret names.
func (p *program) secretOptions(options []string) (build.Secrets, error) {
	v := build.Secrets{}
	for _, option := range options {
		s, err := secret.ParseSource(option)
		if err != nil {
			return nil, fault.Usage(secretHint, "reading --secret: %w", err)
		}
		value, err := s.Read(p.lookup, p.readSecret)
		if err != nil {
			return nil, fault.Usage(secretHint, "%w", err)
		}
		if err := v.Add(secretHint, s, value); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (p *program) readSecret(name string) ([]byte, error) {
	return checkout.ReadFile("", p.path(name), secret.MaxLength)
}

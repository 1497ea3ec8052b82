package cache

import "testing"

func TestDecide(t *testing.T) {
	tests := []struct {
		name  string
		mode  Mode
		trust Trust
		write bool
	}{
		{"default branch", Auto, Trust{DefaultBranch: true}, true},
		{"local", Auto, Trust{Local: true}, true},
		{"other branch", Auto, Trust{}, false},
		{"pull request", Auto, Trust{PullRequest: true}, false},
		{"pull request that claims the default branch", Auto, Trust{PullRequest: true, DefaultBranch: true}, false},
		{"pull request, always", Always, Trust{PullRequest: true}, true},
		{"fork, always", Always, Trust{PullRequest: true, Fork: true}, false},
		{"read-only platform, always", Always, Trust{DefaultBranch: true, ReadOnly: true}, false},
		{"never", Never, Trust{DefaultBranch: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Decide(tt.mode, tt.trust)
			if p.Write != tt.write || !p.Read {
				t.Errorf("got %+v", p)
			}
			if (p.Reason == "") != p.Write {
				t.Errorf("a refusal needs a reason and nothing else does: %+v", p)
			}
		})
	}
}

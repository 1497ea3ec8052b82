package forges

import (
	"net/http"
	"slices"
	"strings"
)

// A branch is a name for commits, oldest first.
type branch struct {
	name      string
	protected bool
	commits   []string
}

// Branch makes a branch of commits, oldest first.
func (m *memory) Branch(name string, protected bool, commits ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.branches = append(m.branches, branch{name, protected, commits})
}

// history are the commits that a branch or a commit has, oldest first; nil if neither is known.
func (m *memory) history(ref string) []string {
	for _, b := range m.branches {
		if b.name == ref {
			return b.commits
		}
		if i := slices.Index(b.commits, ref); i >= 0 {
			return b.commits[:i+1]
		}
	}
	return nil
}

// common is the newest commit that two have, "" if there is none.
func (m *memory) common(a, b string) string {
	other := m.history(b)
	for _, commit := range slices.Backward(m.history(a)) {
		if slices.Contains(other, commit) {
			return commit
		}
	}
	return ""
}

func (g *GitHub) compare(r *http.Request, _ Token) reply {
	base, head, _ := strings.Cut(r.PathValue("basehead"), "...")
	common := g.common(base, head)
	if common == "" {
		return notFound
	}
	tip := func(ref string) bool { return slices.Index(g.history(ref), common) == len(g.history(ref))-1 }
	out := g.contract.sample("commit-comparison").(map[string]any)
	out["status"] = "diverged"
	switch {
	case tip(base) && tip(head):
		out["status"] = "identical"
	case tip(head):
		out["status"] = "behind"
	case tip(base):
		out["status"] = "ahead"
	}
	out["merge_base_commit"].(map[string]any)["sha"] = common
	return reply{status: http.StatusOK, body: out}
}

func (g *GitHub) branchesOf(r *http.Request, _ Token) reply {
	list := []any{}
	for _, b := range g.branches {
		if r.URL.Query().Get("protected") == "true" && !b.protected {
			continue
		}
		out := g.contract.sample("short-branch").(map[string]any)
		out["name"], out["protected"] = b.name, b.protected
		list = append(list, out)
	}
	return reply{status: http.StatusOK, body: list}
}

func (g *GitLab) mergeBase(r *http.Request, _ Token) reply {
	refs := r.URL.Query()["refs[]"]
	if len(refs) != 2 {
		return reply{status: http.StatusBadRequest, body: map[string]any{"error": "refs is missing"}}
	}
	common := g.common(refs[0], refs[1])
	if common == "" {
		return message(http.StatusNotFound, "404 Merge Base Not Found")
	}
	return reply{status: http.StatusOK, body: map[string]any{"id": common, "short_id": common[:min(8, len(common))]}}
}

func (g *GitLab) refs(r *http.Request, _ Token) reply {
	list := []any{}
	for _, b := range g.branches {
		if slices.Contains(b.commits, r.PathValue("sha")) {
			list = append(list, map[string]any{"type": "branch", "name": b.name})
		}
	}
	return reply{status: http.StatusOK, body: list}
}

func (g *GitLab) branch(r *http.Request, _ Token) reply {
	for _, b := range g.branches {
		if b.name == r.PathValue("branch") {
			return reply{status: http.StatusOK, body: map[string]any{"name": b.name, "protected": b.protected}}
		}
	}
	return message(http.StatusNotFound, "404 Branch Not Found")
}

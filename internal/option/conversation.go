package option

// conversation are the options of what a job reads from its forge and tells it.
func conversation() []Option {
	return []Option{
		{
			Name: "comment", Group: Jobs, Default: "auto", Values: []string{"auto", "always", "on-change", "never"},
			Help:  "`auto`, `always`, `on-change` (only if the plan differs from the base) or `never`",
			See:   "[the comment](comment.md)",
			Input: everywhere,
		},
		{
			Name: "comment-key", Group: Jobs, Unset: "a comment for each app",
			Help:  "jobs of the same key share one comment, with a part for each app",
			See:   "[the comment](comment.md)",
			Input: everywhere,
		},
		{
			Name: "token", Group: Jobs, Secret: true,
			Help:    "token that comments, reads the base commit and logs in to ghcr.io",
			Aliases: []Alias{{"github-token", "docker/build-push-action"}},
			Input:   &Input{Forges: GitHub | GitLab, GitHub: "github.token"},
		},
		{
			Name: "base-ref", Group: Jobs, Unset: "the pull request's base",
			Help:  "commit to compare the plan with",
			Input: &Input{Forges: GitHub | GitLab, Discover: "commit to compare with"},
		},
		{
			Name: "trust-ref", Group: Jobs,
			Help:  "branch or tag that the workflow checks out and trusts, for events of another commit such as `repository_dispatch`; never take it from the event",
			See:   "[trust](trust.md)",
			Input: &Input{Forges: GitHub | GitLab, GitLab: "branch or tag that the job checks out by itself and trusts, where the pipeline is of another commit"},
		},
	}
}

//go:build corpus

package e2e

// nodeTemplates are what the generators of frameworks make, with pages of our own and without linters and tests: create-next-app,
// sv, ng, nest and tanstack; [samples] have one of create-vite. Nuxt and React Router are by their documentation, since their generators
// download a repository.
var nodeTemplates = []sample{
	{app: "node-next-app", path: "/", want: "High water is at 06:12."},
	{app: "node-sveltekit", path: "/?time=06:12", want: "High water is at 06:12."},
	{app: "node-angular", path: "/", want: "<app-root>"},
	{app: "node-angular-ssr", args: []string{"--env", "NG_ALLOWED_HOSTS=127.0.0.1"}, path: "/", want: "High water is at 06:12."},
	{app: "node-nest", path: "/tides", want: `{"high":"06:12"}`},
	{app: "node-tanstack", path: "/", want: "High water is at 06:12."},
	{app: "node-tanstack-nitro", path: "/", want: "High water is at 06:12."},
	{app: "node-nuxt", path: "/", want: "High water is at 06:12."},
	{app: "node-react-router", path: "/?time=06:12", want: "High water is at 06:12."},
}

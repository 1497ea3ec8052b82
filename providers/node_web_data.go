package providers

// webFrameworks is what Node apps are made with, from the narrowest to the widest: of two that an app lists, the one whose program the
// build runs counts, else the first. Each row names the page of its documentation that says what the build makes.
var webFrameworks = []webFramework{
	// https://nextjs.org/docs/app/api-reference/config/next-config-js/output
	{name: "Next.js", config: "next.config", packages: []string{"next"}, programs: []string{"next"}, build: "next build", output: nextOutput},
	// https://nuxt.com/docs/getting-started/deployment
	{name: "Nuxt", config: "nuxt.config", packages: []string{"nuxt", "nuxt3"}, programs: []string{"nuxt", "nuxi"}, build: "nuxt build", output: nuxtOutput},
	// https://svelte.dev/docs/kit/adapters
	{name: "SvelteKit", config: "svelte.config", packages: []string{"@sveltejs/kit"}, programs: []string{"svelte-kit", "vite"}, build: "vite build", output: svelteOutput},
	// https://docs.astro.build/en/guides/integrations-guide/node/
	{name: "Astro", config: "astro.config", packages: []string{"astro"}, programs: []string{"astro"}, build: "astro build", output: astroOutput},
	// https://reactrouter.com/how-to/spa
	{
		name: "React Router", config: "react-router.config", packages: []string{"@react-router/dev"}, programs: []string{"react-router"},
		build: "react-router build", output: reactRouterOutput,
	},
	// https://v2.remix.run/docs/guides/spa-mode
	{name: "Remix", packages: []string{"@remix-run/dev"}, programs: []string{"remix"}, build: "remix vite:build", output: remixOutput},
	// https://tanstack.com/start/latest/docs/framework/react/guide/hosting
	{
		name: "TanStack Start", packages: []string{"@tanstack/react-start", "@tanstack/solid-start", "@tanstack/start"}, programs: []string{"vinxi", "vite"},
		build: "vite build", output: tanstackOutput,
	},
	// https://docs.solidjs.com/solid-start/reference/config/define-config
	{name: "SolidStart", packages: []string{"@solidjs/start"}, programs: []string{"vinxi", "vite"}, build: "vinxi build", output: nitroOutput},
	{name: "Vinxi", packages: []string{"vinxi"}, programs: []string{"vinxi"}, build: "vinxi build", base: true, output: nitroOutput},
	// https://nitro.build/deploy/runtimes/node
	{
		name: "Nitro", packages: []string{"nitro", "nitropack"}, programs: []string{"nitro", "nitropack", "vite"},
		build: "nitro build", base: true, output: nitroOutput,
	},
	// https://qwik.dev/docs/deployments/node
	{
		name: "Qwik", packages: []string{"@builder.io/qwik-city", "@qwik.dev/router", "@builder.io/qwik", "@qwik.dev/core"}, programs: []string{"qwik"},
		build: "qwik build", output: qwikOutput,
	},
	// https://angular.dev/reference/configs/workspace-config
	{name: "Angular", packages: []string{"@angular/core"}, programs: []string{"ng"}, build: "ng build", output: angularOutput},
	// https://docs.nestjs.com/deployment
	{name: "Nest", packages: []string{"@nestjs/core"}, programs: []string{"nest"}, build: "nest build", output: nestOutput},
	// https://create-react-app.dev/docs/deployment
	{
		name: "Create React App", packages: []string{"react-scripts"}, programs: []string{"react-scripts", "react-app-rewired", "craco"},
		build: "react-scripts build", output: reactScriptsOutput,
	},
	// https://docs.expo.dev/guides/publishing-websites/
	{name: "Expo", packages: []string{"expo"}, programs: []string{"expo"}, build: "expo export --platform web", output: expoOutput},
	// https://www.gatsbyjs.com/docs/reference/gatsby-cli/#build
	{name: "Gatsby", packages: []string{"gatsby"}, programs: []string{"gatsby"}, build: "gatsby build", output: staticOutputOf("public", false)},
	// https://docusaurus.io/docs/cli#docusaurus-build-sitedir
	{name: "Docusaurus", packages: []string{"@docusaurus/core"}, programs: []string{"docusaurus"}, build: "docusaurus build", output: docusaurusOutput},
	// https://vitepress.dev/reference/site-config#outdir
	{name: "VitePress", config: ".vitepress/config", packages: []string{"vitepress"}, programs: []string{"vitepress"}, build: "vitepress build", output: vitepressOutput},
	// https://www.11ty.dev/docs/config/#output-directory
	{name: "Eleventy", packages: []string{"@11ty/eleventy"}, programs: []string{"eleventy"}, build: "eleventy", output: eleventyOutput},
	// https://cli.vuejs.org/config/#outputdir
	{name: "Vue CLI", packages: []string{"@vue/cli-service"}, programs: []string{"vue-cli-service"}, build: "vue-cli-service build", output: vueOutput},
	// https://vite.dev/config/build-options#build-outdir
	{name: "Vite", config: "vite.config", packages: []string{"vite"}, programs: []string{"vite"}, build: "vite build", base: true, output: viteOutput},
}

// nodeServers are packages of servers: an app of Vite that lists one has a server of its own.
var nodeServers = []string{
	"express", "fastify", "koa", "@hono/node-server", "@hapi/hapi", "polka", "restify", "h3", "socket.io", "apollo-server", "@apollo/server",
	"@adonisjs/core", "sirv", "srvx", "vite-express", "elysia",
}

// nodeListens are programs that listen to the machine itself alone, and the variables by which each of them listens to all addresses.
var nodeListens = []struct {
	program, word string // the word is "" where any does
	variable      string
}{
	{"fastify", "start", "FASTIFY_ADDRESS"}, // https://github.com/fastify/fastify-cli#options
	{"sirv", "", "HOST"},                    // https://github.com/lukeed/sirv/tree/master/packages/sirv-cli
}

// A nodeLoad is a start command that reads configurations of the app, as it is in words.
type nodeLoad struct {
	program, word string
	configs       []string
}

// nodeLoads are the start commands that do. What such a file imports is needed to run, and TypeScript is where it is written in that.
var nodeLoads = []nodeLoad{
	{"next", "start", configNames("next.config")},
	{"nuxt", "start", configNames("nuxt.config")},
	{"nuxt", "preview", configNames("nuxt.config")},
	{"nuxi", "preview", configNames("nuxt.config")},
	{"vinxi", "start", configNames("app.config")},
}

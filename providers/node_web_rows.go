package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// allAddresses is what a server is told to listen to.
var allAddresses = map[string]string{"HOST": "0.0.0.0"}

// staticOutputOf is for a framework that always builds to one folder.
func staticOutputOf(dir string, single bool) func(*nodeApp) webOutput {
	return func(*nodeApp) webOutput {
		return webOutput{files: &staticSite{dir: dir, single: single, why: byDefault("the build makes this folder")}}
	}
}

func nextOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("next.config")...)
	output, why := n.setting(c, "output", "", "")
	dist, distWhy := n.setting(c, "distDir", ".next", "Next.js builds to it unless it is told otherwise")
	switch output.text {
	case "export":
		if dist.text == ".next" {
			dist.text, distWhy = "out", byDefault("Next.js exports to it unless it is told otherwise")
		}
		return webOutput{files: n.site(dist.text, "out", false, distWhy), why: why, replace: "next start"}
	case "standalone":
		dir, server := shellPath(dist.text), shellPath(path.Join(dist.text, "standalone", n.tracedFrom(c)))
		out := webOutput{
			start: "HOSTNAME=0.0.0.0 node " + server + "/server.js", why: why, replace: "next start",
			after: []string{fmt.Sprintf("cp -r %s/static %s/%[1]s/", dir, server)},
		}
		if n.Tree.HasDir("public") {
			out.after = append(out.after, "cp -r public "+server+"/")
		}
		return out
	}
	return webOutput{start: "next start"}
}

// tracedFrom is where Next.js puts a standalone server below its folder: as deep as the app lies in the directory that its files are traced
// from. That is the workspace's, unless outputFileTracingRoot says otherwise.
func (n *nodeApp) tracedFrom(c nodeConfig) string {
	const image = "/app" // where the app is built
	root, at := image, path.Join(image, n.at)
	for _, key := range []string{"outputFileTracingRoot", "experimental.outputFileTracingRoot"} {
		if v, ok := c.value(key); ok && !v.computed && v.absolute {
			root = path.Join(at, v.text)
		}
	}
	below, ok := strings.CutPrefix(at, strings.TrimSuffix(root, "/"))
	if !ok {
		return ""
	}
	return strings.TrimPrefix(below, "/")
}

func nuxtOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("nuxt.config")...)
	preset, presetWhy := n.setting(c, "nitro.preset", "", "")
	generates := slices.ContainsFunc(n.scriptCommands("build"), func(c nodeCommand) bool {
		return (c.program == "nuxt" || c.program == "nuxi") && c.first() == "generate"
	})
	files := &staticSite{dir: ".output/public", single: c.is("ssr", "false"), why: byDefault("nuxt generate makes this folder")}
	switch {
	case generates:
		return webOutput{files: files, why: n.scriptWhy("build")}
	case preset.text == "static":
		return webOutput{files: files, why: presetWhy}
	case preset.text != "" && !strings.HasPrefix(preset.text, "node"):
		return webOutput{missing: fmt.Sprintf("nitro.preset %.40q makes no server for Node; take \"node-server\" or give a start command", preset.text)}
	}
	return webOutput{start: "node .output/server/index.mjs", host: allAddresses}
}

// svelteAdapter finds the adapter in a configuration.
var svelteAdapter = lazyregexp.New(`@sveltejs/adapter-[a-z-]+|svelte-adapter-[a-z-]+`)

func svelteOutput(n *nodeApp) webOutput {
	c, in := n.readConfig(configNames("svelte.config")...), "kit.adapter."
	if !svelteAdapter.MatchString(c.text) { // Vite's configuration may have it in the call of the plugin
		if other := n.readConfig(configNames("vite.config")...); svelteAdapter.MatchString(other.text) {
			c, in = other, "plugins.adapter."
		}
	}
	adapter := svelteAdapter.FindString(c.text)
	why := byLine(n.App, c.name, adapter, "it takes "+adapter)
	if adapter == "" {
		for _, name := range []string{"@sveltejs/adapter-node", "@sveltejs/adapter-static", "@sveltejs/adapter-auto"} {
			if n.uses(name) {
				adapter, why = name, n.memberWhy(n.root(), name)
				break
			}
		}
	}
	switch adapter {
	case "@sveltejs/adapter-node":
		out, _ := n.setting(c, in+"out", "build", "adapter-node builds to it")
		return webOutput{start: "node " + shellPath(out.text), why: why, host: allAddresses}
	case "@sveltejs/adapter-auto":
		// The adapter that it chooses by this variable is adapter-node: https://svelte.dev/docs/kit/adapter-auto
		if !n.uses("@sveltejs/adapter-node") {
			n.warn("@sveltejs/adapter-auto installs @sveltejs/adapter-node in the build, in a version that no lockfile lists; add that package")
		}
		return webOutput{start: "node build", why: why, host: map[string]string{"GCP_BUILDPACKS": "1", "HOST": "0.0.0.0"}}
	case "@sveltejs/adapter-static":
		dir, dirWhy := n.setting(c, in+"pages", "build", "adapter-static builds to it unless it is told otherwise")
		return webOutput{files: n.site(dir.text, "build", c.has(in+"fallback"), dirWhy), why: why}
	case bunAdapter:
		return webOutput{start: "bun build/index.js", why: why, host: allAddresses}
	case "":
		return webOutput{missing: "SvelteKit has no adapter, so that its build makes no server; add @sveltejs/adapter-node"}
	}
	return webOutput{missing: adapter + " makes no server that can be started; take @sveltejs/adapter-node or give a start command"}
}

func astroOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("astro.config")...)
	dir, why := n.setting(c, "outDir", "dist", "Astro builds to it unless it is told otherwise")
	if !c.has("adapter") {
		return webOutput{files: n.site(dir.text, "dist", false, why)}
	}
	if !strings.Contains(c.text, "@astrojs/node") {
		return webOutput{missing: "the adapter in " + c.name + " makes no server for Node; take @astrojs/node or give a start command"}
	}
	if c.is("adapter.mode", "middleware") {
		return webOutput{missing: c.name + ` has @astrojs/node as "middleware", which is no server; take "standalone" or give a start command`}
	}
	v, _ := c.value("adapter")
	return webOutput{
		start: "node " + shellPath("./"+path.Join(dir.text, "server/entry.mjs")), host: allAddresses,
		why: cause{c.name, v.line, "the adapter is @astrojs/node"},
	}
}

func reactRouterOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("react-router.config")...)
	return n.routerOutput(c, "ssr", "@react-router/serve", "react-router-serve")
}

func remixOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("vite.config")...)
	if c.name == "" {
		return webOutput{start: "remix-serve build/index.js", builds: "remix build"} // before version 2.7
	}
	return n.routerOutput(c, "plugins.ssr", "@remix-run/serve", "remix-serve")
}

// routerOutput is for the frameworks that Remix has become.
func (n *nodeApp) routerOutput(c nodeConfig, ssr, server, program string) webOutput {
	key := strings.TrimSuffix(ssr, "ssr") + "buildDirectory"
	dir, why := n.setting(c, key, "build", "it builds to it unless it is told otherwise")
	if v, _ := n.setting(c, ssr, "true", ""); v.text == "false" {
		client := path.Join(dir.text, "client")
		return webOutput{files: n.site(client, "build/client", true, why), why: c.why(ssr), replace: program}
	}
	if !n.uses(server) {
		return webOutput{missing: "no package serves what the build makes; add " + server + " or a start script"}
	}
	return webOutput{start: program + " " + shellPath("./"+path.Join(dir.text, "server/index.js")), host: allAddresses}
}

func tanstackOutput(n *nodeApp) webOutput {
	switch {
	case n.uses("nitro", "nitropack", "vinxi"):
		return nitroOutput(n)
	case n.uses("srvx"), n.npmLinks("srvx"):
		return webOutput{start: "srvx --prod -s ../client dist/server/server.js", host: allAddresses}
	}
	return webOutput{missing: "TanStack Start builds dist/server/server.js, which is no server by itself; add nitro or srvx, or a start script"}
}

func nitroOutput(*nodeApp) webOutput {
	return webOutput{start: "node .output/server/index.mjs", host: allAddresses}
}

// qwikServers are the adapters whose server is a program of Node.
var qwikServers = []string{"express", "fastify", "node-server"}

func qwikOutput(n *nodeApp) webOutput {
	for _, server := range qwikServers {
		if entry := "src/entry." + server + ".tsx"; n.Tree.HasFile(entry) {
			return webOutput{start: "node server/entry." + server, why: byFile(entry, "it is the server that the build makes")}
		}
	}
	if adapter := firstFile(n.App, configNames("adapters/static/vite.config")...); adapter != "" {
		return webOutput{files: n.site("dist", "dist", false, byFile(adapter, "the build makes pages"))}
	}
	return webOutput{missing: "Qwik has no adapter, so that its build makes no server; run npm run qwik add express"}
}

func nestOutput(n *nodeApp) webOutput {
	var settings struct {
		Entry    string `json:"entryFile"`
		Monorepo bool   `json:"monorepo"`
	}
	if n.Tree.HasFile("nest-cli.json") && n.Tree.JSONC("nest-cli.json", &settings) == nil && settings.Monorepo {
		return webOutput{missing: "nest-cli.json has several apps; give a start command"}
	}
	main := "main"
	if settings.Entry != "" {
		main = settings.Entry
	}
	return webOutput{start: "node " + shellPath(path.Join("dist", main))}
}

func reactScriptsOutput(n *nodeApp) webOutput {
	dir, why := "build", byDefault("Create React App builds to it unless it is told otherwise")
	if v, ok := n.Vars["BUILD_PATH"]; ok {
		dir, why = v, byDefault(fmt.Sprintf("the variable BUILD_PATH is %.60q", v))
	} else if m := buildPath.FindStringSubmatch(n.pkg.Scripts["build"]); m != nil {
		dir, why = m[1], n.scriptWhy("build")
	}
	return webOutput{files: n.site(dir, "build", true, why)}
}

var buildPath = lazyregexp.New(`\bBUILD_PATH=['"]?([^\s'"]+)`)

func expoOutput(n *nodeApp) webOutput {
	var app struct {
		Expo struct {
			Web *struct {
				Output string `json:"output"`
			} `json:"web"`
		} `json:"expo"`
	}
	known := n.Tree.HasFile("app.json") && n.Tree.JSONC("app.json", &app) == nil
	switch web := app.Expo.Web; {
	case !n.uses("react-native-web") && web == nil:
		return webOutput{missing: "Expo builds an app for phones here; add react-native-web for a site"}
	case known && web != nil && web.Output == "server":
		return webOutput{missing: `expo.web.output "server" makes routes for a server of your own; add it and a start script`}
	case known && web != nil && web.Output != "":
		return webOutput{files: &staticSite{dir: "dist", single: web.Output != "static", why: byKey(n.App, "app.json", web.Output, "expo", "web", "output")}}
	}
	return webOutput{files: &staticSite{dir: "dist", single: true, why: byDefault("Expo exports to it")}}
}

// flagOutput is the folder that an option of the build script names, else of the fallback.
func (n *nodeApp) flagOutput(program, flag, fallback, why string) (string, cause) {
	for _, c := range n.scriptCommands("build") {
		if c.program != program {
			continue
		}
		if dir, ok := c.flag(flag); ok {
			return dir, n.scriptWhy("build")
		}
	}
	return fallback, byDefault(why)
}

func docusaurusOutput(n *nodeApp) webOutput {
	dir, why := n.flagOutput("docusaurus", "--out-dir", "build", "Docusaurus builds to it unless it is told otherwise")
	return webOutput{files: n.site(dir, "build", false, why)}
}

func vitepressOutput(n *nodeApp) webOutput {
	root := ""
	for _, c := range n.scriptCommands("build") {
		if words := c.words(); c.program == "vitepress" && len(words) > 1 {
			root = words[1]
		}
	}
	c := n.readConfig(configNames(path.Join(root, ".vitepress/config"))...)
	usual := path.Join(root, ".vitepress/dist")
	dir, why := n.setting(c, "outDir", usual, "VitePress builds to it unless it is told otherwise")
	if dir.text != usual {
		dir.text = path.Join(root, dir.text)
	}
	return webOutput{files: n.site(dir.text, usual, false, why)}
}

var eleventyFolder = lazyregexp.New(`setOutputDirectory\(\s*['"]([^'"]+)['"]`)

func eleventyOutput(n *nodeApp) webOutput {
	c := n.readConfig(slices.Concat([]string{".eleventy.js"}, configNames("eleventy.config"))...)
	const usual = "Eleventy builds to it unless it is told otherwise"
	if dir, why := n.flagOutput("eleventy", "--output", "", usual); dir != "" {
		return webOutput{files: n.site(dir, "_site", false, why)}
	}
	if m := eleventyFolder.FindStringSubmatch(c.text); m != nil {
		return webOutput{files: n.site(m[1], "_site", false, byLine(n.App, c.name, m[0], m[0]+")"))}
	}
	dir, why := n.setting(c, "dir.output", "_site", usual)
	return webOutput{files: n.site(dir.text, "_site", false, why)}
}

func vueOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("vue.config")...)
	dir, why := n.setting(c, "outputDir", "dist", "Vue CLI builds to it unless it is told otherwise")
	return webOutput{files: n.site(dir.text, "dist", true, why)}
}

func viteOutput(n *nodeApp) webOutput {
	c := n.readConfig(configNames("vite.config")...)
	if c.has("build.lib") || c.has("build.ssr") {
		return webOutput{missing: c.name + " builds a library or a server's code, and no site; give a start command"}
	}
	root, _ := n.setting(c, "root", "", "")
	usual := path.Join(root.text, "dist")
	dir, why := n.setting(c, "build.outDir", "dist", "Vite builds to it unless it is told otherwise")
	if flag, flagWhy := n.flagOutput("vite", "--outDir", "", ""); flag != "" {
		dir, why = configValue{text: flag}, flagWhy
	}
	if !dir.absolute {
		dir.text = path.Join(root.text, dir.text)
	}
	out := webOutput{files: n.site(dir.text, usual, !c.is("appType", "mpa"), why)}
	for _, name := range nodeServers {
		if _, ok := n.pkg.Dependencies[name]; ok {
			out.server = name
		}
	}
	return out
}

package providers

import (
	"slices"
	"strings"
)

// A devServer is how a program serves those who write the app. It recompiles, and needs what only builds; most listen on the machine itself alone.
type devServer struct {
	program string
	serves  []string // the first words that make it serve
	others  []string // where any word and none makes it serve: the words that do not
}

var devServers = []devServer{
	{program: "vite", others: []string{"build", "optimize"}},
	{program: "next", others: []string{"build", "start", "export", "lint", "info", "telemetry", "typegen"}},
	{program: "parcel", others: []string{"build", "watch", "help"}},
	{program: "vitepress", others: []string{"build", "init"}},
	{program: "vuepress", serves: []string{"dev", "serve"}},
	{program: "astro", serves: []string{"dev", "start", "preview"}},
	{program: "nuxt", serves: []string{"dev"}},
	{program: "nuxi", serves: []string{"dev"}},
	{program: "ng", serves: []string{"serve", "s", "dev"}},
	{program: "react-scripts", serves: []string{"start"}},
	{program: "react-app-rewired", serves: []string{"start"}},
	{program: "craco", serves: []string{"start"}},
	{program: "expo", others: []string{"export", "prebuild", "install", "config", "customize", "login", "lint"}},
	{program: "gatsby", serves: []string{"develop", "serve"}},
	{program: "docusaurus", serves: []string{"start", "serve"}},
	{program: "vue-cli-service", serves: []string{"serve"}},
	{program: "webpack", serves: []string{"serve"}},
	{program: "webpack-dev-server", others: []string{}},
	{program: "rspack", serves: []string{"serve", "dev"}},
	{program: "rsbuild", serves: []string{"dev", "preview"}},
	{program: "nx", serves: []string{"serve", "dev"}},
	{program: "nest", serves: []string{"start"}},
	{program: "remix", serves: []string{"dev", "vite:dev"}},
	{program: "react-router", serves: []string{"dev"}},
	{program: "vinxi", serves: []string{"dev"}},
	{program: "svelte-kit", serves: []string{"dev", "preview"}},
	{program: "ember", serves: []string{"serve", "server", "s"}},
	{program: "turbo", serves: []string{"dev"}},
	{program: "vike", serves: []string{"dev", "preview"}},
	{program: "waku", serves: []string{"dev"}},
	{program: "quasar", serves: []string{"dev"}},
	{program: "ionic", serves: []string{"serve"}},
	{program: "umi", serves: []string{"dev"}},
	{program: "rspress", serves: []string{"dev", "preview"}},
	{program: "storybook", serves: []string{"dev"}},
	{program: "strapi", serves: []string{"develop", "dev"}},
	{program: "medusa", serves: []string{"develop"}},
	{program: "wrangler", serves: []string{"dev"}},
}

// developServer is the first command of a script that is only a development server.
func (n *nodeApp) developServer(script string) (nodeCommand, bool) {
	list := n.scriptCommands(script)
	if i := slices.IndexFunc(list, nodeCommand.develops); i >= 0 {
		return list[i], true
	}
	return nodeCommand{}, false
}

func (c nodeCommand) develops() bool {
	i := slices.IndexFunc(devServers, func(d devServer) bool { return d.program == c.program })
	if i < 0 {
		return c.program == "eleventy" && slices.Contains(c.args, "--serve")
	}
	words := c.words()
	if d := devServers[i]; d.serves == nil {
		return !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(d.others, w) }) && !slices.Contains(c.args, "--version")
	}
	word := c.first()
	if c.program == "nx" || c.program == "turbo" {
		if word == "run" && len(words) > 1 {
			word = words[1]
		}
		word = word[strings.LastIndexByte(word, ':')+1:] // app:serve
	}
	return slices.Contains(devServers[i].serves, word)
}

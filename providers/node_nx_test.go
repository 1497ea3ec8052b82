package providers

import (
	"fmt"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestNxStartsProgramsOfNode(t *testing.T) {
	const server = `{"name": "@shop/api", "nx": {"targets": {"serve": {"executor": "@nx/js:node"}%s}}}`
	files := func(more repo) repo {
		all := repo{"package.json": `{"devDependencies": {"nx": "22"}}`, "nx.json": "{}"}
		for name, text := range more {
			all[name] = text
		}
		return all
	}
	manifest := func(targets string) string { return fmt.Sprintf(server, targets) }
	api := plan.Vars{"NIXPACKS_NX_APP_NAME": "api"}
	testWeb(t, []webCase{
		{name: "a build that is inferred", files: files(repo{"apps/api/package.json": manifest("")}),
			build: "npx nx run @shop/api:build", start: "node apps/api/dist/main.js"},
		{name: "the folder of webpack", files: files(repo{
			"apps/api/package.json": manifest(""), "apps/api/webpack.config.js": "module.exports = {output: {path: join(__dirname, '../../dist/apps/api')}}",
		}), build: "npx nx run @shop/api:build", start: "node dist/apps/api/main.js"},
		{name: "a build that is written", files: files(repo{"apps/api/package.json": manifest(
			`, "build": {"executor": "@nx/esbuild:esbuild", "options": {"outputPath": "apps/api/out", "main": "apps/api/src/server.ts"}}`)}),
			build: "npx nx run @shop/api:build", start: "node apps/api/out/server.js"},
		{name: "a project.json without a build", files: files(repo{"apps/api/project.json": `{"name": "api", "targets": {"serve": {"executor": "@nx/js:node"}}}`}),
			build: "npx nx run api:build", start: "node dist/apps/api/main.js"},
		{name: "the one that is named", vars: api, files: files(repo{"apps/api/package.json": manifest(""), "apps/web/project.json": "{}"}),
			build: "npx nx run @shop/api:build", start: "node apps/api/dist/main.js"},
		{name: "a folder outside", files: files(repo{"apps/api/package.json": manifest(`, "build": {"executor": "x", "options": {"outputPath": "../out"}}`)}),
			build: "npx nx run @shop/api:build", start: "node apps/api/dist/main.js"},
		{name: "a project that nothing builds", vars: api, files: files(repo{"apps/api/project.json": `{"targets": {"test": {"executor": "x"}}}`, "apps/api/pyproject.toml": ""})},
	})
}

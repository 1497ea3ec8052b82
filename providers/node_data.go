package providers

import _ "embed"

// What Nixpacks 1.39 says about Node, as data (nixpacks-1.39.md 3.17).
const (
	nodeDefault = 18
	nodeOverlay = "https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"

	nodeArchive    = "ffeebf0acf3ae8b29f8c7049cd911b9636efd7e7"
	nodeOldArchive = "bf744fe90419885eefced41b3e5ae442d732712d" // the last with Node 14 and 16
	nodeBunArchive = "5a0711127cd8b916c3d3128f473388c8c79df0da"
	caddyArchive   = "ba913eda2df8eb72147259189d55932012df6301"

	nodeAtomicSince = "25" // the first whose program for Linux loads libatomic.so.1

	nodeVariable = "NODE_VERSION" // without its prefix
	nvmFile      = ".nvmrc"
	nodenvFile   = ".node-version"

	nodeCorepack = "npm install -g corepack@0.24.1 && corepack enable"
	nodeBin      = "/app/node_modules/.bin"

	nodeModulesCache = "node_modules/.cache"
	nextCache        = ".next/cache"
	cypressCache     = "/root/.cache/Cypress"
	moonCache        = ".moon/cache/outputs"
)

// nodeMajors are tried in order. 23 is known to Nixpacks, but it never chooses an odd number.
var nodeMajors = []uint64{22, 20, 18, 16, 14}

// nodeOldMajors are the majors that only the old archive has.
var nodeOldMajors = []uint64{16, 14}

// nodeLTS gives the majors of the aliases that .nvmrc may hold.
var nodeLTS = map[string]string{
	"lts/*":        "22",
	"lts/jod":      "22",
	"lts/iron":     "20",
	"lts/hydrogen": "18",
	"lts/gallium":  "16",
	"lts/fermium":  "14",
	"lts/erbium":   "12",
	"lts/dubnium":  "10",
	"lts/carbon":   "8",
	"lts/boron":    "6",
	"lts/argon":    "4",
}

// nodeVariables are the environment of every Node app.
var nodeVariables = map[string]string{
	"CI":                    "true",
	"NODE_ENV":              "production",
	"NPM_CONFIG_PRODUCTION": "false",
}

// nodeScanned are the files in which a dependency's name is looked for as text.
var nodeScanned = []string{"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}

// A nodeNative is what edition 1.39 adds of the system for a text in the app's files. Later ones go by [systemNeeds].
type nodeNative struct {
	text            string
	pkgs, libs, apt []string
}

var nodeNatives = []nodeNative{
	{text: "prisma", pkgs: []string{"openssl"}},
	{text: "sharp", libs: []string{"gcc-unwrapped"}},
	{text: "canvas", libs: []string{"libuuid", "libGL"}},
	{text: "puppeteer", apt: []string{
		"libnss3", "libatk1.0-0", "libatk-bridge2.0-0", "libcups2", "libgbm1", "libasound2t64", "libpangocairo-1.0-0", "libxss1", "libgtk-3-0",
		"libxshmfence1", "libglu1", "chromium",
	}},
}

// A spaFramework is served as files if Vite builds it, unless it has a server of its own.
type spaFramework struct {
	dep     string
	servers []string
}

var spaFrameworks = []spaFramework{
	{"react", []string{"@remix-run/react", "@react-router/node"}},
	{"vue", nil},
	{"svelte", []string{"@sveltejs/kit"}},
	{"preact", nil},
	{"lit", nil},
	{"solid-js", nil},
	{"@builder.io/qwik", nil},
}

// nodeRuntime is Node.js.
var nodeRuntime = Runtime{
	Name:     "Node.js",
	Packages: patterns(`^nodejs[_-](\d+)(?:_x)?$`, `^node@([0-9.]+)`),
	Releases: []Release{
		{"14", "2023-04-30", []string{"nodejs_14", "nodejs-14_x"}},
		{"16", "2023-09-11", []string{"nodejs_16", "nodejs-16_x"}},
		{"18", "2025-04-30", []string{"nodejs_18", "nodejs-18_x"}},
		{"20", "2026-04-30", []string{"nodejs_20", "nodejs-20_x"}},
		{"22", "2027-04-30", []string{"nodejs_22"}},
		{"23", "2025-06-01", []string{"nodejs_23"}},
	},
}

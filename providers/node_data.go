package providers

import _ "embed"

// What Nixpacks 1.39 says about Node, as data (specification 3.17).
const (
	nodeDefault = 18
	nodeOverlay = "https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"

	nodeArchive    = "ffeebf0acf3ae8b29f8c7049cd911b9636efd7e7"
	nodeOldArchive = "bf744fe90419885eefced41b3e5ae442d732712d" // the last with Node 14 and 16
	nodeBunArchive = "5a0711127cd8b916c3d3128f473388c8c79df0da"
	caddyArchive   = "ba913eda2df8eb72147259189d55932012df6301"

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

// nodeOldMajors are those that only the old archive has.
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

// nodeLocks are the lockfiles of all package managers.
var nodeLocks = []string{
	"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
}

// nodeOwnLocks are the lockfiles of each package manager, the usual one first.
var nodeOwnLocks = map[string][]string{
	"npm":  {"package-lock.json", "npm-shrinkwrap.json"},
	"yarn": {"yarn.lock"},
	"pnpm": {"pnpm-lock.yaml"},
	"bun":  {"bun.lock", "bun.lockb"},
}

// nodeVariables are the environment of every Node app.
var nodeVariables = map[string]string{
	"CI":                    "true",
	"NODE_ENV":              "production",
	"NPM_CONFIG_PRODUCTION": "false",
}

// A nodeManager is what differs between package managers.
type nodeManager struct {
	name     string
	locks    []string // that choose it
	dlx      string   // runs a package that is not installed
	cache    string
	executor string
	pkg      string // Nix package if none of the versions fits
	lock     string // the lockfile that the versions look at
	prefix   bool   // the mark must begin the lockfile
	versions []nodeManagerVersion
}

// A nodeManagerVersion maps a mark of the lockfile's format to the Nix package that reads it.
type nodeManagerVersion struct{ mark, pkg string }

// nodeManagers are in order of their lockfiles' priority; the last is the default.
var nodeManagers = []nodeManager{
	{
		name: "pnpm", locks: []string{"pnpm-lock.yaml"}, dlx: "pnpx", executor: "node",
		cache: "/root/.local/share/pnpm/store/v3",
		pkg:   "pnpm-9_x", lock: "pnpm-lock.yaml", prefix: true,
		versions: []nodeManagerVersion{
			{"lockfileVersion: 5.3", "pnpm-6_x"},
			{"lockfileVersion: 5.4", "pnpm-7_x"},
			{"lockfileVersion: '6.0'", "pnpm-8_x"},
		},
	},
	{
		name: "yarn", locks: []string{"yarn.lock"}, dlx: "yarn", executor: "node",
		cache: "/usr/local/share/.cache/yarn/v6", pkg: "yarn-1_x",
	},
	{
		name: "bun", locks: []string{"bun.lockb", "bun.lock"}, dlx: "npx", executor: "bun",
		cache: "/root/.bun", pkg: "bun",
	},
	{
		name: "npm", dlx: "npx", executor: "node",
		cache: "/root/.npm", pkg: "npm-9_x", lock: "package-lock.json",
		versions: []nodeManagerVersion{
			{`"lockfileVersion": 1`, "npm-6_x"},
			{`"lockfileVersion": 2`, "npm-8_x"},
		},
	},
}

// nodeScanned are the files in which a dependency's name is looked for as text.
var nodeScanned = []string{"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}

// nodeNatives are what packages need that are looked for as text.
var nodeNatives = []struct {
	text            string
	pkgs, libs, apt []string
}{
	{text: "prisma", pkgs: []string{"openssl"}},
	{text: "sharp", libs: []string{"gcc-unwrapped"}},
	{text: "canvas", libs: []string{"libuuid", "libGL"}},
	{text: "puppeteer", apt: nodeChromium},
}

// nodeChromium are the Debian packages that Puppeteer's browser needs.
var nodeChromium = []string{
	"libnss3",
	"libatk1.0-0",
	"libatk-bridge2.0-0",
	"libcups2",
	"libgbm1",
	"libasound2t64",
	"libpangocairo-1.0-0",
	"libxss1",
	"libgtk-3-0",
	"libxshmfence1",
	"libglu1",
	"chromium",
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

//go:embed assets/Caddyfile
var caddyfile string

package providers

const (
	npmLock       = "package-lock.json"
	pnpmLock      = "pnpm-lock.yaml"
	pnpmWorkspace = "pnpm-workspace.yaml"
	pnpmStore     = "/root/.local/share/pnpm/store"
	npmDir        = "/opt/npm" // of an npm that is installed beside Node's
)

// A NodeManager is a package manager. All that is known of one is in its row of [nodeManagers].
type NodeManager struct {
	name      string
	lockfiles []Lockfile // each of them chooses it
	lock      string     // the usual one

	// workspaceFile lists the workspaces in place of package.json, and chooses the package manager where nothing else does, in
	// editions after 1.39.
	workspaceFile string

	install []nodeInstall // the first that fits

	// In editions after 1.39: frozen installs what a lockfile lists and fails where that is not what package.json asks for, and
	// unlocked installs where there is no lockfile.
	frozen   []nodeInstall
	unlocked string

	frozenBerry string // in place of frozen from version 2 on, see berry

	dlx      string // runs a package that is not installed
	exec     string // runs one that is, where dlx would fetch its newest release; "" where dlx runs that one too
	executor string // runs a file
	runsTS   bool   // the executor takes TypeScript

	// Both run a script of a member of the workspace from its root: a format with the name of the member, and the script.
	runWorkspace   string
	startWorkspace string // the same as Nixpacks words it, always for the script start

	cache    string // of what it downloads
	pkg      string // Nix package if none of the versions fits
	archive  string // nixpkgs commit that has the package; "" for Node's
	prefix   bool   // the mark must begin the lockfile
	versions []nodeManagerVersion

	// In editions after 1.39 it comes from npm, or is a Nix package beside Node.
	fromNPM bool
	bundled bool   // it comes with Node, beside which it is installed where one release is asked for
	berry   string // its name in the catalogue from version 2 on, where that is another one
	berryIn string // what only lockfiles of these versions have
	nix     []string
	store   string // what it downloads is there, where that is not in cache

	// prune removes what only builds, see [Provider.Prune]; nil if that cannot be told.
	prune func(*nodeApp) (cmd, blocker string, err error)
}

// A nodeInstall is a command for apps that have a file.
type nodeInstall struct {
	file string // "" for all
	cmd  string
	why  string // "" for the reason of the package manager
}

// A nodeManagerVersion maps a mark of the usual lockfile's format to the Nix package that reads it.
type nodeManagerVersion struct{ mark, pkg string }

// nodeAnyInstall is how npm and Bun install in Nixpacks, whatever chose them.
var nodeAnyInstall = []nodeInstall{
	{npmLock, "npm ci", "npm installs what it lists"},
	{"bun.lockb", "bun i --no-save", "Bun installs what it lists"},
	{"bun.lock", "bun i --no-save", "Bun installs what it lists"},
	{"", "npm i", "there is no " + npmLock},
}

// nodeManagers are in order of their lockfiles' priority; the last is the default.
var nodeManagers = []NodeManager{
	{
		name: "pnpm", lockfiles: []Lockfile{{pnpmLock, PNPMLock}}, lock: pnpmLock, workspaceFile: pnpmWorkspace,
		install:      []nodeInstall{{cmd: "pnpm i --frozen-lockfile"}},
		frozen:       []nodeInstall{{cmd: "pnpm i --frozen-lockfile"}},
		unlocked:     "pnpm i",
		dlx:          "pnpx",
		exec:         "pnpm exec",
		executor:     "node",
		runWorkspace: "pnpm --filter=%s run %s", startWorkspace: "pnpm --filter %s run start",
		cache: "/root/.local/share/pnpm/store/v3",
		pkg:   "pnpm-9_x", prefix: true,
		versions: []nodeManagerVersion{
			{"lockfileVersion: 5.3", "pnpm-6_x"},
			{"lockfileVersion: 5.4", "pnpm-7_x"},
			{"lockfileVersion: '6.0'", "pnpm-8_x"},
		},
		fromNPM: true, store: pnpmStore,
	},
	{
		name: "yarn", lockfiles: []Lockfile{{"yarn.lock", YarnLock}}, lock: "yarn.lock",
		install: []nodeInstall{
			{".yarnrc.yml", "yarn install --check-cache", "it is of Yarn 2 or newer"},
			{cmd: "yarn install --frozen-lockfile"},
		},
		frozen:       []nodeInstall{{cmd: "yarn install --frozen-lockfile"}},
		frozenBerry:  "yarn install --immutable",
		unlocked:     "YARN_ENABLE_IMMUTABLE_INSTALLS=false yarn install", // Yarn 2 and newer are immutable where CI is set
		dlx:          "yarn",
		executor:     "node",
		runWorkspace: "yarn workspace %s run %s", startWorkspace: "yarn workspace %s run start",
		cache:   "/usr/local/share/.cache/yarn/v6",
		pkg:     "yarn-1_x",
		fromNPM: true, berry: "yarn-berry", berryIn: "\n__metadata:",
	},
	{
		name: "bun", lockfiles: []Lockfile{{"bun.lockb", Unread}, {"bun.lock", BunLock}}, lock: "bun.lock", // bun.lockb is binary
		install:      nodeAnyInstall,
		frozen:       []nodeInstall{{cmd: "bun install --frozen-lockfile"}},
		unlocked:     "bun install",
		dlx:          "npx",
		executor:     "bun",
		runsTS:       true,
		runWorkspace: "bun run --filter=%s %s", startWorkspace: "bun --workspace %s run start",
		cache: "/root/.bun",
		pkg:   "bun", archive: nodeBunArchive,
		nix: []string{bunPackage},
	},
	{
		name: "npm", lockfiles: []Lockfile{{npmLock, NPMLock}, {"npm-shrinkwrap.json", NPMLock}}, lock: npmLock,
		install:      nodeAnyInstall,
		frozen:       []nodeInstall{{cmd: "npm ci"}},
		unlocked:     "npm i",
		dlx:          "npx",
		executor:     "node",
		runWorkspace: "npm run %[2]s --workspace=%[1]s", startWorkspace: "npm --workspace %s run start",
		cache: "/root/.npm",
		pkg:   "npm-9_x",
		versions: []nodeManagerVersion{
			{`"lockfileVersion": 1`, "npm-6_x"},
			{`"lockfileVersion": 2`, "npm-8_x"},
		},
		fromNPM: true, bundled: true,
		prune: npmPrune,
	},
}

// nodeLocks are the lockfiles of all package managers.
func nodeLocks() []string {
	var list []string
	for _, m := range nodeManagers {
		for _, l := range m.lockfiles {
			list = append(list, l.File)
		}
	}
	return list
}

// nodeLanguage joins the rows of the package managers, and adds the facts that hold for all of them.
func nodeLanguage() Language {
	l := Language{
		Manifests: []Manifest{{File: "package.json", Locks: nodeLocks()}, {File: packageJSON5, Locks: []string{pnpmLock}}},
		Settings:  []string{".npmrc", ".yarnrc", ".yarnrc.yml", ".bun-version", "bunfig.toml", nodenvFile, nvmFile},
		Caches:    []Cache{{Dir: nextCache}, {Dir: nodeModulesCache}, {Dir: moonCache}, {cypressCache, true}, {pnpmStore, true}},
		Runtimes:  []Runtime{nodeRuntime, {Name: "Bun", Packages: patterns(`^bun$`, `^bun@([0-9.]+)`)}},
		Programs:  []string{"corepack", "npx"},
	}
	for _, m := range nodeManagers {
		l.Lockfiles = append(l.Lockfiles, m.lockfiles...)
		l.Caches = append(l.Caches, Cache{m.cache, true})
		l.Programs = append(l.Programs, m.name)
		if m.workspaceFile != "" {
			l.Settings = append(l.Settings, m.workspaceFile)
		}
	}
	return l
}

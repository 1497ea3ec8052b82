package providers

// nodeInstallNames are files in the root that an install may read, in no order.
var nodeInstallNames = []string{
	"package.json", packageJSON5,
	pnpmWorkspace, "bunfig.toml", ".npmrc", ".yarnrc", ".yarnrc.yml", ".yarnclean", ".env.yarn",
	".pnp.cjs", ".pnp.data.json", ".pnp.js", ".pnp.loader.mjs", ".nvmrc", ".node-version",
}

// bunEnvironments are the files from which Bun takes the variables of its settings.
var bunEnvironments = []string{".env", ".env.local", ".env.production", ".env.production.local"}

// nodeInstallCode are files in the root that an install runs.
var nodeInstallCode = []string{".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js", "pnpmfile.cjs"}

// nodeLifecycle are the scripts of the app's own packages that some package manager runs on install.
var nodeLifecycle = []string{
	"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare", "dependencies",
	"pnpm:devPreinstall",
}

// A nodeReader is a dependency whose own install script reads the app.
type nodeReader struct {
	dep   string
	globs []string // only if the app has such a file; nil is always
}

var nodeReaders = []nodeReader{
	{"@sveltejs/kit", nil},       // prepares .svelte-kit
	{"@zenstackhq/runtime", nil}, // prepares a client
	{"nx", nil},                  // indexes the workspace
	{"pre-commit", nil},
	{"pre-push", nil},
	{"puppeteer", []string{".puppeteerrc*", "puppeteer.config.*", ".config/*puppeteer*"}},
	{"simple-git-hooks", nil},
	{"zenstack", nil},
}

// prismaProviders are the providers of databases, and the generator whose result depends on the schema alone.
var prismaProviders = map[string]bool{
	"prisma-client-js": true,
	"cockroachdb":      true,
	"mongodb":          true,
	"mysql":            true,
	"postgres":         true,
	"postgresql":       true,
	"sqlite":           true,
	"sqlserver":        true,
}

// npmSettings are settings of npm and pnpm that name files, run code or copy sources, in lower case and
// without hyphens and underscores, as they stand in .npmrc, pnpm-workspace.yaml and variables.
var npmSettings = map[string]bool{
	"cafile": true, "certfile": true, "configdependencies": true, "git": true, "globalconfig": true,
	"globalpnpmfile": true, "injectworkspacepackages": true, "installlinks": true, "keyfile": true,
	"localprefix": true, "lockfiledir": true, "modulesdir": true, "nodegyp": true, "nodeoptions": true, "patchesdir": true,
	"pnpmfile": true, "prefix": true, "python": true, "scriptshell": true, "sharedworkspacelockfile": true,
	"shell": true, "userconfig": true, "virtualstoredir": true, "workspacedir": true,
}

// yarnSettings are the settings of .yarnrc.yml that read no file of the app, beside those judged in code.
var yarnSettings = map[string]bool{
	"approvedGitRepositories": true, "catalog": true, "catalogs": true, "checksumBehavior": true,
	"compressionLevel": true, "defaultSemverRangePrefix": true, "enableColors": true, "enableGlobalCache": true,
	"enableHardenedMode": true, "enableHyperlinks": true, "enableImmutableCache": true,
	"enableImmutableInstalls": true, "enableInlineBuilds": true, "enableInlineHunks": true,
	"enableMessageNames": true, "enableMirror": true, "enableProgressBars": true, "enableScripts": true,
	"enableStrictSsl": true, "enableTelemetry": true, "enableTimers": true, "enableTransparentWorkspaces": true,
	"httpRetry": true, "httpTimeout": true, "httpProxy": true, "httpsProxy": true, "initScope": true,
	"logFilters": true, "networkConcurrency": true, "nmHoistingLimits": true, "nmMode": true,
	"nmSelfReferences": true, "nodeLinker": true, "npmAlwaysAuth": true, "npmAuditRegistry": true,
	"npmAuthIdent": true, "npmAuthToken": true, "npmMinimalAgeGate": true, "npmPreapprovedPackages": true,
	"npmPublishAccess": true, "npmPublishRegistry": true, "npmRegistries": true, "npmRegistryServer": true,
	"npmScopes": true, "packageExtensions": true, "pnpEnableEsmLoader": true, "pnpEnableInlining": true,
	"pnpFallbackMode": true, "pnpIgnorePatterns": true, "pnpMode": true, "pnpShebang": true,
	"preferDeferredVersions": true, "preferInteractive": true, "progressBarStyle": true,
	"supportedArchitectures": true, "telemetryInterval": true, "tsEnableAutoTypes": true,
	"unsafeHttpWhitelist": true, "winLinkType": true,
}

// yarnClassicSettings are the settings of .yarnrc, beside flags, that read no file of the app.
var yarnClassicSettings = map[string]bool{
	"disable-self-update-check": true, "ignore-engines": true, "ignore-optional": true, "ignore-platform": true,
	"ignore-scripts": true, "lastUpdateCheck": true, "network-concurrency": true, "network-timeout": true,
	"no-progress": true, "registry": true, "save-exact": true, "save-prefix": true, "strict-ssl": true,
	"version-git-message": true, "version-tag-prefix": true, "workspaces-experimental": true,
}

// bunSettings are the keys of bunfig.toml that read no file of the app; dotted below a table.
var bunSettings = map[string]bool{
	"console": true, "define": true, "install.auto": true, "install.backend": true, "install.cache": true,
	"install.concurrentScripts": true, "install.dev": true, "install.dryRun": true, "install.exact": true,
	"install.frozenLockfile": true, "install.linker": true, "install.linkWorkspacePackages": true,
	"install.lockfile": true, "install.logLevel": true, "install.minimumReleaseAge": true,
	"install.minimumReleaseAgeExcludes": true, "install.optional": true, "install.peer": true,
	"install.prefer": true, "install.production": true, "install.registry": true, "install.saveTextLockfile": true,
	"install.scopes": true, "jsx": true, "jsxFactory": true, "jsxFragment": true, "jsxImportSource": true,
	"loader": true, "logLevel": true, "run": true, "serve": true, "smol": true, "telemetry": true, "test": true,
}

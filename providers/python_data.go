package providers

// A pythonRelease is a Python release that a nixpkgs archive has (nixpacks-1.39.md 3.18).
type pythonRelease struct{ version, pkg, archive string }

const (
	pythonArchive    = "bc8f8d1be58e8c8383e683a06e1e1e57893fff87"
	pythonOldArchive = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"
)

// pythonReleases are all releases that can be asked for, oldest first.
var pythonReleases = []pythonRelease{
	{"2.7", "python27", pythonOldArchive},
	{"3.7", "python37", pythonOldArchive},
	{"3.8", "python38", pythonOldArchive},
	{"3.9", "python39", pythonOldArchive},
	{"3.10", "python310", pythonArchive},
	{"3.11", "python311", pythonArchive},
	{"3.12", "python312", pythonArchive},
	{"3.13", "python313", pythonArchive},
}

// pythonDefault is used if nothing asks for a release, or for one that is not there. Its version is what
// satisfies it without a warning.
var pythonDefault = pythonRelease{"3", "python3", pythonArchive}

// pdmDefault is the version of PDM: nothing in an app chooses another one.
const pdmDefault = "2.13.3"

// The first versions that can be told not to install the app itself: by package-mode and by distribution.
const (
	poetryPackageMode = "1.8"
	pdmDistribution   = "2.13"
)

// pythonLibraries are what binary packages need beside the Python of nixpkgs, which finds no library of the base image.
var pythonLibraries = []string{"zlib", "stdenv.cc.cc.lib"}

// pythonCompilers are variables by which packages in C are compiled for the upstream's Python: its makers had another compiler, whose name it
// keeps.
var pythonCompilers = map[string]string{"CC": "gcc", "CXX": "g++"}

const (
	pythonVenv      = "/opt/venv"
	pythonMakesVenv = "python -m venv " + pythonVenv
	pythonVenvPhase = "python:venv"

	pipCache = "/root/.cache/pip"
	pdmCache = "/root/.cache/pdm"
	uvCache  = "/root/.cache/uv"
)

// pythonActivate precedes every install command. A copy of the program does not find the library that the older ones of the upstream's Pythons
// have beside them.
var pythonActivate = perEdition[string]{
	{"", "python -m venv --copies " + pythonVenv + " && . " + pythonVenv + "/bin/activate && "},
	{chosen, pythonMakesVenv + " && . " + pythonVenv + "/bin/activate && "},
}

// pythonVariables are set for every Python app.
var pythonVariables = map[string]string{
	"PIP_DEFAULT_TIMEOUT":           "100",
	"PIP_DISABLE_PIP_VERSION_CHECK": "1",
	"PIP_NO_CACHE_DIR":              "1",
	"PYTHONDONTWRITEBYTECODE":       "1",
	"PYTHONFAULTHANDLER":            "1",
	"PYTHONHASHSEED":                "random",
	"PYTHONUNBUFFERED":              "1",
}

// pythonTools are in order of priority: the first whose marks the app has is used, and the last needs none. All that is known of a
// tool is in its row.
var pythonTools = []pythonTool{
	{
		name:         "requirements",
		marks:        []string{"requirements.txt"},
		lock:         Lockfile{"requirements.txt", RequirementsText},
		command:      "pip install -r requirements.txt",
		caches:       []string{pipCache},
		direct:       requirementsDirect,
		installFiles: requirementsInstall,
		unlocked:     requirementsWarnings,
	},
	{
		name:    "poetry",
		marks:   []string{"pyproject.toml", "poetry.lock"},
		lock:    Lockfile{"poetry.lock", PythonTables},
		program: true,
		label:   true,
		version: "1.3.1",
		// Poetry 2 refuses what Poetry 1 took in pyproject.toml, and writes another version of the lockfile.
		versions: []pythonToolVersion{
			{python: "3.8", version: "1.8.5", locks: []string{`lock-version = "1.`, `lock-version = "2.0"`}},
			{python: "3.10", version: "2.4.3"},
			{python: "3.8", version: "1.8.5"},
		},
		versionIsAsked: true,
		command:        "pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --no-dev --no-interaction --no-ansi",
		newest:         "pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", // 2 has no --no-dev
		caches:         []string{pipCache},
		uncompiled:     true,
		fileVariables:  []string{"POETRY_CONFIG_DIR", "POETRY_HOME"},
		direct:         projectDirect,
		installFiles:   poetryInstall,
	},
	{
		name:          "pdm",
		marks:         []string{"pyproject.toml", "pdm.lock"},
		lock:          Lockfile{"pdm.lock", PythonTables},
		program:       true,
		label:         true,
		version:       pdmDefault,
		versions:      []pythonToolVersion{{python: "3.9", version: "2.26.2"}},
		command:       "pip install pdm==$NIXPACKS_PDM_VERSION && pdm install --prod",
		newest:        "pip install pdm==$NIXPACKS_PDM_VERSION 'unearth<0.19' && pdm install --prod", // 2.26.2 fails with unearth 0.19
		frozen:        "pip install pdm==$NIXPACKS_PDM_VERSION 'unearth<0.19' && pdm sync --prod",    // install takes other versions where the two do not fit
		caches:        []string{pdmCache, pipCache},
		uncompiled:    true,
		fileVariables: []string{"PDM_CONFIG_FILE", "PDM_LOCKFILE", "PDM_PROJECT"},
		direct:        projectDirect,
		installFiles:  pdmInstall,
	},
	{
		name:           "uv",
		marks:          []string{"pyproject.toml", "uv.lock"},
		lock:           Lockfile{"uv.lock", PythonTables},
		program:        true,
		version:        "0.4.30",
		versions:       []pythonToolVersion{{python: "3.8", version: "0.12.17"}},
		versionIsAsked: true,
		variables:      map[string]string{"UV_PROJECT_ENVIRONMENT": pythonVenv},
		command:        "pip install uv==$NIXPACKS_UV_VERSION && uv sync --no-dev --frozen",
		caches:         []string{uvCache},
		uncompiled:     true,
		fileVariables: []string{
			"UV_BUILD_CONSTRAINT", "UV_CONFIG_FILE", "UV_CONSTRAINT", "UV_ENV_FILE", "UV_FIND_LINKS", "UV_OVERRIDE", "UV_PROJECT",
			"UV_WORKING_DIRECTORY",
		},
		direct:       projectDirect,
		installFiles: uvInstall,
	},
	{
		name:         "setuptools",
		marks:        []string{"pyproject.toml"},
		command:      "pip install --upgrade build setuptools && pip install .",
		caches:       []string{pipCache},
		files:        []string{"pyproject.toml"},
		direct:       projectDirect,
		installFiles: setuptoolsInstall,
	},
	{
		name:          "pipenv",
		marks:         []string{"Pipfile"},
		lock:          Lockfile{"Pipfile.lock", PipfileLock},
		program:       true,
		pkg:           "pipenv",
		command:       "PIPENV_VENV_IN_PROJECT=1 pipenv install",
		withLock:      " --deploy",
		withoutLock:   " --skip-lock",
		caches:        []string{pipCache},
		fileVariables: []string{"PIPENV_PIPFILE"},
		direct:        pipfileDirect,
		installFiles:  pipenvInstall,
	},
	{name: "skip"},
}

// pythonRuntime is Python.
var pythonRuntime = Runtime{
	Name:     "Python",
	Packages: patterns(`^python(\d)(\d*)$`, `^python@([0-9.]+)`),
	Releases: []Release{
		{"2.7", "2020-01-01", []string{"python27"}},
		{"3.7", "2023-06-27", []string{"python37"}},
		{"3.8", "2024-10-07", []string{"python38"}},
		{"3.9", "2025-10-31", []string{"python39"}},
		{"3.10", "2026-10-31", []string{"python310"}},
		{"3.11", "2027-10-31", []string{"python311"}},
	},
}

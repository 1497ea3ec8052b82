package providers

// A pythonRelease is a Python release that a nixpkgs archive has (specification 3.18).
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

// Versions of the tools that the install phase fetches by pip, unless .tool-versions or a variable says
// otherwise.
const (
	poetryDefault = "1.3.1"
	pdmDefault    = "2.13.3"
	uvDefault     = "0.4.30"
)

// The first versions that can be told not to install the app itself: by package-mode and by distribution.
const (
	poetryPackageMode = "1.8"
	pdmDistribution   = "2.13"
)

// postgresPackage has the headers that psycopg compiles against.
const postgresPackage = "postgresql_16.dev"

const (
	pythonVenv = "/opt/venv"
	pipCache   = "/root/.cache/pip"
	pdmCache   = "/root/.cache/pdm"
	uvCache    = "/root/.cache/uv"
)

// pythonActivate precedes every install command.
const pythonActivate = "python -m venv --copies " + pythonVenv + " && . " + pythonVenv + "/bin/activate && "

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

// pythonKinds are the kinds' install phases. pipenv's command depends on its lock file as well.
var pythonKinds = map[pythonKind]struct {
	command string
	caches  []string
	files   []string // onlyIncludeFiles
}{
	requirementsKind: {command: "pip install -r requirements.txt", caches: []string{pipCache}},
	poetryKind: {
		command: "pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --no-dev --no-interaction --no-ansi",
		caches:  []string{pipCache},
	},
	pdmKind: {command: "pip install pdm==$NIXPACKS_PDM_VERSION && pdm install --prod", caches: []string{pdmCache, pipCache}},
	uvKind:  {command: "pip install uv==$NIXPACKS_UV_VERSION && uv sync --no-dev --frozen", caches: []string{uvCache}},
	setuptoolsKind: {
		command: "pip install --upgrade build setuptools && pip install .",
		caches:  []string{pipCache},
		files:   []string{"pyproject.toml"},
	},
	pipenvKind: {command: "PIPENV_VENV_IN_PROJECT=1 pipenv install", caches: []string{pipCache}},
	skipKind:   {},
}

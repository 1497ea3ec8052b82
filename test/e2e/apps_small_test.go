//go:build corpus

package e2e

// smallSamples are apps of languages, sites and apps of data, all of whose tools come from registries of packages. Where a command of the plan asks a
// host that no test can reach, or a tool that no registry has, the app's nixpacks.toml has another: Elixir's install fetches
// Hex, Crystal's needs Shards and Scheme's build Haunt. Haskell's GHC is Debian's, as Stack can be told to use what there is.
var smallSamples = []sample{
	{app: "shell", want: "apples: 6\npears: 8\n"},
	{app: "cobol", want: "TOTAL      57.50"},
	{app: "scheme", path: "/health", want: `{"app":"scheme","path":"/health","tide":"falling"}`},
	{app: "crystal", path: "/health", want: `"tides":["Rising","Falling","Rising","Falling"]`},
	{app: "cpp-cmake", want: "06:12 high\n12:31 low\n"},
	{app: "cpp-make", want: "count: 21\n"},
	{app: "hugo", path: "/setup/", want: "How the tables are set up", also: map[string]string{"/": "<strong>twice</strong>"}},
	{app: "mkdocs", path: "/", want: "<strong>twice</strong>"},
	{app: "python-streamlit", path: "/_stcore/script-health-check", want: "ok", also: map[string]string{"/": "<title>Streamlit</title>"}},
	{app: "python-gradio", path: "/gradio_api/info", want: `"/high_water"`, also: map[string]string{"/": "Tides"}},
	{app: "haskell", want: "12:00 Rising\n18:00 Falling\n"},
	{app: "elixir", path: "/health", want: `{"app":"elixir","environment":"prod","path":"/health"}`},
}

package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

const webProject = `<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net6.0</TargetFramework></PropertyGroup></Project>`

func TestDetectDotnet(t *testing.T) {
	testDetect(t, csharpProvider, []detection{
		{repo{"z.csproj": "", "b/B.csproj": ""}, "b/B.csproj"},
		{repo{"a.fsproj": "", "a.csproj/x": ""}, ""},
	})
	testDetect(t, fsharpProvider, []detection{{repo{"src/a.fsproj": ""}, "src/a.fsproj"}, {repo{"a.csproj": ""}, ""}})
	for _, p := range []Provider{csharpProvider, fsharpProvider} {
		if _, err := p.Detect(brokenWalk(t, repo{"a": "", "b": ""})); err == nil {
			t.Errorf("%s: no error", p.Name)
		}
	}
}

func TestDotnetPlan(t *testing.T) {
	out := mustPlan(t, csharpProvider, appOf(t, repo{"Shop.Web.csproj": webProject}, nil))
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Variables: map[string]string{
				"ASPNETCORE_ENVIRONMENT": "Production",
				"ASPNETCORE_URLS":        "http://0.0.0.0:3000",
				"DOTNET_ROOT":            "/nix/var/nix/profiles/default/",
			},
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"dotnet-sdk"}, NixOverlays: []string{}},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"dotnet restore"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"dotnet publish --no-restore -c Release -o out"}},
			},
			Start: &plan.Start{Cmd: new("./out/Shop.Web")},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "dotnet-sdk"}, Why: "no version is asked for"},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: "Shop.Web.csproj", Why: "it is the only project"},
		},
	}, out)
}

func TestDotnetSDK(t *testing.T) {
	const unknown = " is no version; .NET SDK 6 is used"
	for _, tt := range []struct {
		variable, global string
		want, why        string
		warning          string
	}{
		{"", "", "dotnet-sdk", "no version is asked for", ""},
		{"", "{}", "dotnet-sdk", "no version is asked for", ""},
		{"", `{"sdk":{"version":"6.0.400"}}`, "dotnet-sdk", `sdk.version is "6.0.400"`, ""},
		{"", `{"sdk":{"version":"7"}}`, "dotnet-sdk_7", `sdk.version is "7"`, ""},
		{"8.0.100", "", "dotnet-sdk_8", `the variable NIXPACKS_CSHARP_SDK_VERSION is "8.0.100"`, ""},
		{"8", `{"sdk":{"version":"7.0.1","rollForward":"latestMajor"}}`, "dotnet-sdk_8", `the variable NIXPACKS_CSHARP_SDK_VERSION is "8"`, ""},
		{"8", `{"sdk":{"version":"7.0.1"}}`, "dotnet-sdk_8", `the variable NIXPACKS_CSHARP_SDK_VERSION is "8"`, `global.json asks for .NET SDK "7.0.1", so that dotnet refuses .NET SDK 8, which is used`},
		{"8", `{`, "dotnet-sdk_8", `the variable NIXPACKS_CSHARP_SDK_VERSION is "8"`, "parsing global.json:1:"},
		{"latest", "", "dotnet-sdk", `the variable NIXPACKS_CSHARP_SDK_VERSION is "latest"`, `NIXPACKS_CSHARP_SDK_VERSION asks for .NET SDK "latest", which` + unknown},
		{"", `{"sdk":{"version":"256.0"}}`, "dotnet-sdk", `sdk.version is "256.0"`, `global.json asks for .NET SDK "256.0", which` + unknown},
		{"5.0", "", "dotnet-sdk_5", `the variable NIXPACKS_CSHARP_SDK_VERSION is "5.0"`, `NIXPACKS_CSHARP_SDK_VERSION asks for .NET SDK "5.0", but the archive has 6 to 8 only, so that the build will not find dotnet-sdk_5`},
		{"9.0", "", "dotnet-sdk_9", `the variable NIXPACKS_CSHARP_SDK_VERSION is "9.0"`, "but the archive has 6 to 8 only"},
	} {
		files, vars := repo{"a.csproj": webProject}, plan.Vars{}
		if tt.global != "" {
			files["global.json"] = tt.global
		}
		if tt.variable != "" {
			vars["NIXPACKS_CSHARP_SDK_VERSION"] = tt.variable
		}
		out := mustPlan(t, csharpProvider, appOf(t, files, vars))
		name := tt.variable + " " + tt.global
		// net6.0 is older than some of the SDKs, which is no trouble except for 5.
		warnings := slices.DeleteFunc(out.Warnings, func(w string) bool { return strings.Contains(w, "targets net6.0") })
		diffOf(t, name, []string{tt.want}, out.Plan.Phases["setup"].NixPkgs)
		diffOf(t, name, tt.why, out.Reasons[0].Why)
		if tt.warning == "" && len(warnings) > 0 || tt.warning != "" && (len(warnings) != 1 || !strings.Contains(warnings[0], tt.warning)) {
			t.Errorf("%s: warnings %q, want %q", name, warnings, tt.warning)
		}
	}
	diffOf(t, "f#", []string{"dotnet-sdk"}, mustPlan(t, fsharpProvider, appOf(t, repo{"a.fsproj": webProject}, plan.Vars{"NIXPACKS_CSHARP_SDK_VERSION": "8"})).Plan.Phases["setup"].NixPkgs)
}

func TestDotnetErrors(t *testing.T) {
	_, err := csharpProvider.Plan(appOf(t, repo{"a.csproj": "", "global.json": `{"sdk": 7}`}, nil))
	wantSourceError(t, err, "global.json")
	if _, err := csharpProvider.Plan(appOf(t, repo{"x": ""}, nil)); err == nil || !strings.Contains(err.Error(), "looking for *.csproj") {
		t.Errorf("without a project: %v", err)
	}
	if _, err := csharpProvider.Plan(brokenWalk(t, repo{"a.csproj": "", "b": ""})); err == nil {
		t.Error("no error for a broken walk")
	}
	if _, _, err := dotnetInstallFiles(brokenWalk(t, repo{"a.csproj": "", "b": ""})); err == nil {
		t.Error("no error for the files of a broken walk")
	}
}

func TestDotnetProjectWarnings(t *testing.T) {
	project := func(properties string) string {
		return `<?xml version="1.0"?><Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>` + properties + "</PropertyGroup></Project>"
	}
	for _, tt := range []struct {
		name  string
		files repo
		want  []string
	}{
		{"fits", repo{"A.csproj": "\ufeff" + project("<TargetFramework>net6.0</TargetFramework><AssemblyName>A</AssemblyName>")}, nil},
		{"old names of frameworks", repo{"A.csproj": project("<TargetFramework>net48</TargetFramework>")}, nil},
		{"no framework of its own", repo{"A.csproj": project("<AssemblyName>$(Name)</AssemblyName>")}, nil},
		{"a newer framework", repo{"A.csproj": project("<TargetFramework>net8.0-windows</TargetFramework>")}, []string{"A.csproj targets net8.0-windows, which .NET SDK 6 does not know"}},
		{"another program", repo{"A.csproj": project("<AssemblyName>B</AssemblyName>")}, []string{`A.csproj names its program "B", but "A" is started; set a start command`}},
		{"not XML", repo{"A.csproj": "<Project>\n<a></Project>"}, []string{"parsing A.csproj:2: XML syntax error on line 2: element <a> closed by </Project>"}},
		{"a solution in the root", repo{"b/A.csproj": project(""), "b.sln": ""}, nil},
		{"two", repo{"A.csproj": project(""), "b/B.csproj": ""}, []string{"there are 2 projects (A.csproj, b/B.csproj); the first, A, is started"}},
		{"none in the root", repo{"b/A.csproj": project("")}, []string{"the app's root has no project and no solution, where dotnet restore looks for one; set install and build commands that name b/A.csproj"}},
	} {
		diffOf(t, tt.name, tt.want, mustPlan(t, csharpProvider, appOf(t, tt.files, nil)).Warnings)
	}
	files := repo{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		files[name+".csproj"] = webProject
	}
	out := mustPlan(t, csharpProvider, appOf(t, files, nil))
	diffOf(t, "many", []string{"there are 6 projects (a.csproj, b.csproj, c.csproj, d.csproj, e.csproj and others); the first, a, is started"}, out.Warnings)
}

func TestDotnetInstallFiles(t *testing.T) {
	base := repo{"A.csproj": webProject, "Program.cs": "x"}
	add := func(name, text string) repo { return over(base, repo{name: text}) }
	project := func(text string) repo { return add("A.csproj", "<Project>"+text+"</Project>") }
	const config = `<configuration><packageSources><add key="a" value="%"/></packageSources></configuration>`
	nuget := func(value string) repo { return add("NuGet.Config", strings.ReplaceAll(config, "%", value)) }
	sln := func(path string) string {
		return "Project(\"{F}\") = \"A\", \"" + path + "\", \"{1}\"\nEndProject\nProject(\"{2}\") = \"docs\", \"docs\", \"{2}\"\n"
	}
	testInstallFiles(t, csharpProvider, []installCase{
		{name: "a project", files: base, want: []string{"A.csproj"}},
		{
			name: "all that MSBuild takes in by itself",
			files: over(base, repo{
				"Directory.Build.props": "<Project/>", "src/Directory.Build.targets": "<Project/>", "packages.lock.json": "{}", "global.json": "{}",
				"A.csproj.user": "<Project/>", "src/B.fsproj": "<Project/>", "All.sln": sln(`src\B.fsproj`),
			}),
			want: []string{"A.csproj", "A.csproj.user", "All.sln", "Directory.Build.props", "global.json", "packages.lock.json", "src/B.fsproj", "src/Directory.Build.targets"},
		},
		{name: "a project of the app", files: over(project(`<ItemGroup><ProjectReference Include="lib\B.csproj"/></ItemGroup>`), repo{"lib/B.csproj": `<Project><ProjectReference Include="..\A.csproj"/></Project>`}), want: []string{"A.csproj", "lib/B.csproj"}},
		{name: "a project that is not there", files: project(`<ProjectReference Include="lib\B.csproj"/>`), blocker: `A.csproj refers to "lib\\B.csproj", which is no project of the app`},
		{name: "a project outside", files: project(`<ProjectReference Include="..\B.csproj"/>`), blocker: `A.csproj refers to "..\\B.csproj", which is no project of the app`},
		{name: "projects by a pattern", files: project(`<ProjectReference Include="**\*.csproj"/>`), blocker: `A.csproj refers to "**\\*.csproj", which is no project of the app`},
		{name: "an import", files: project(`<Import Project="x.xml"/>`), blocker: "A.csproj has the element Import"},
		{name: "a target", files: project(`<Target Name="x"/>`), blocker: "A.csproj has the element Target"},
		{name: "a condition on a file", files: project(`<PropertyGroup Condition="exists('x')"/>`), blocker: "A.csproj has an expression that may look at files"},
		{name: "a function", files: project(`<PropertyGroup><V>$([System.IO.File]::ReadAllText('v'))</V></PropertyGroup>`), blocker: "A.csproj has an expression that may look at files"},
		{name: "no XML", files: project(`<a>`), blocker: "A.csproj line 1 is not understood"},
		{name: "no text", files: add("B.props", "\xff"), blocker: "B.props line 1 is not understood"},
		{name: "a solution of a missing project", files: add("All.sln", sln("B.csproj")), blocker: `All.sln refers to "B.csproj", which is no project of the app`},
		{name: "a solution that is no text", files: add("All.sln", "\xff"), blocker: "All.sln line 1 is not understood"},
		{name: "a solution of a new form", files: add("All.slnx", "<Solution/>"), blocker: "All.slnx is a solution of a form that is not looked into"},
		{name: "options", files: add("Directory.Build.rsp", "-p:A=b"), blocker: "Directory.Build.rsp holds options of the install"},
		{name: "sources of packages", files: nuget("https://packages.shop.example/v3/index.json"), want: []string{"A.csproj", "NuGet.Config"}},
		{name: "a setting", files: nuget("true"), want: []string{"A.csproj", "NuGet.Config"}},
		{name: "a source in the app", files: nuget("./packages"), blocker: "NuGet.Config names something that may be a path"},
		{name: "settings that are no text", files: add("nuget.config", "\xff"), blocker: "nuget.config line 1 is not understood"},
		{name: "a source by a variable", files: base, vars: plan.Vars{"RestoreSources": "x"}, blocker: "the variable RestoreSources changes which files the install reads"},
	})
}

package versions

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

var dotnetRows = append([]row{
	{tool: "dotnet", key: "CSHARP_SDK_VERSION", parse: ranges.Plain},
	{tool: "dotnet", file: "global.json", key: "sdk", read: globalSDK, parse: dotnetSDK},
	{tool: "dotnet", file: "*.csproj", key: "TargetFramework", read: matchReader(targetFramework), parse: dotnetFramework},
	{tool: "dotnet", file: "*.fsproj", key: "TargetFramework", read: matchReader(targetFramework), parse: dotnetFramework},
	{tool: "dotnet", file: "Directory.Build.props", key: "TargetFramework", read: matchReader(targetFramework), parse: dotnetFramework},
}, managersBy(ranges.Plain, "dotnet", "dotnet-sdk", "dotnet-core")...)

var (
	targetFramework = lazyregexp.New(`<TargetFrameworks?>\s*([A-Za-z0-9.;-]+)\s*</`)
	frameworkName   = lazyregexp.New(`^net(?:coreapp)?([0-9]+)\.([0-9]+)(?:-|$)`)
)

// globalSDK reads the SDK of global.json: its version and, after a comma, its policy.
func globalSDK(tree *source.Tree, file string) (value, error) {
	document, err := decodeSmall(tree, file, tree.JSONC)
	if err != nil {
		return value{}, err
	}
	v := value{text: text(at(document, "sdk", "version"))}
	if v.text == "" {
		return value{}, nil
	}
	v.line = tree.Line(file, v.text)
	if policy := text(at(document, "sdk", "rollForward")); policy != "" {
		v.text += ", " + policy
	}
	return v, nil
}

func dotnetSDK(text string) (ranges.Range, error) {
	version, policy, _ := strings.Cut(text, ", ")
	return ranges.DotNet(version, policy)
}

// dotnetFramework reads the frameworks of a project, of which the newest decides. Its SDK alone has the runtime that starts the app. A framework
// that is no .NET of today's kind, such as net48 or netstandard2.0, asks for nothing.
func dotnetFramework(text string) (ranges.Range, error) {
	newest := ""
	for _, name := range strings.Split(text, ";") {
		m := frameworkName.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		line := m[1]
		if m[2] != "0" {
			line += "." + m[2]
		}
		if ranges.Compare(line, newest) > 0 {
			newest = line
		}
	}
	if newest == "" {
		return ranges.Any(), nil
	}
	return ranges.Plain(newest)
}

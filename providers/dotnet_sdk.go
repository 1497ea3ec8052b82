package providers

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	globalJSON     = "global.json"
	dotnetVariable = "CSHARP_SDK_VERSION"

	// Major versions of the SDK that the archive has. The first is the package without a number.
	dotnetDefault = 6
	dotnetNewest  = 8
)

// A dotnetSDK is the SDK that an app gets.
type dotnetSDK struct {
	major   uint64
	why     cause
	warning string // "" if it is what the app asks for

	chosen *choice // in editions after 1.39
	root   string  // of .NET
}

func (s dotnetSDK) pkg() string {
	if s.major == dotnetDefault {
		return "dotnet-sdk"
	}
	return fmt.Sprintf("dotnet-sdk_%d", s.major)
}

func fsharpSDK(App) (dotnetSDK, error) {
	return dotnetSDK{major: dotnetDefault, why: byDefault("no version of the SDK can be asked for")}, nil
}

// csharpSDK takes the major version that the variable or global.json asks for.
func csharpSDK(app App) (dotnetSDK, error) {
	text, who, why, err := askedSDK(app)
	sdk := dotnetSDK{major: dotnetDefault, why: why}
	if err != nil || text == "" {
		return sdk, err
	}
	first, _, _ := strings.Cut(text, ".")
	major, err := strconv.ParseUint(first, 10, 8)
	if err != nil {
		sdk.warning = fmt.Sprintf("%s asks for .NET SDK %.40q, which is no version; .NET SDK %d is used", who, text, dotnetDefault)
		return sdk, nil
	}
	if sdk.major = major; major < dotnetDefault || major > dotnetNewest {
		sdk.warning = fmt.Sprintf("%s asks for .NET SDK %.40q, but the archive has %d to %d only, so that the build will not find %s",
			who, text, dotnetDefault, dotnetNewest, sdk.pkg())
	}
	return sdk, nil
}

// askedSDK returns the version that is asked for, "" if none is, and who asks.
func askedSDK(app App) (text, who string, why cause, err error) {
	if text, ok := app.Vars.Config(dotnetVariable); ok {
		return text, "NIXPACKS_" + dotnetVariable, byVariable(app, dotnetVariable), nil
	}
	global, err := readGlobalJSON(app)
	if err != nil {
		return "", "", cause{}, err
	}
	if text = global.SDK.Version; text == "" {
		return "", "", byDefault("no version is asked for"), nil
	}
	return text, globalJSON, byKey(app, globalJSON, text, "sdk", "version"), nil
}

// A globalFile holds the keys of global.json that count, which may have comments.
type globalFile struct {
	SDK struct {
		Version     string `json:"version"`
		RollForward string `json:"rollForward"`
	} `json:"sdk"`
}

func readGlobalJSON(app App) (globalFile, error) {
	var global globalFile
	if !app.Tree.HasFile(globalJSON) {
		return global, nil
	}
	return global, app.Tree.JSONC(globalJSON, &global)
}

// globalWarnings tell of a global.json that makes dotnet refuse the SDK.
func globalWarnings(app App, sdk dotnetSDK) []string {
	global, err := readGlobalJSON(app)
	if err != nil {
		return []string{err.Error()}
	}
	first, _, _ := strings.Cut(global.SDK.Version, ".")
	major, err := strconv.ParseUint(first, 10, 8)
	if err != nil || major == sdk.major || strings.HasSuffix(global.SDK.RollForward, "Major") {
		return nil
	}
	return []string{fmt.Sprintf("%s asks for .NET SDK %.40q, so that dotnet refuses .NET SDK %d, which is used", globalJSON, global.SDK.Version, sdk.major)}
}

// dotnetRuntime is .NET.
var dotnetRuntime = Runtime{
	Name:     ".NET",
	Packages: patterns(`^dotnet-sdk(?:_(\d+))?$`),
	Releases: []Release{
		{"6", "2024-11-12", []string{"dotnet-sdk", "dotnet-sdk_6"}},
		{"7", "2024-05-14", []string{"dotnet-sdk_7"}},
		{"8", "2026-11-10", []string{"dotnet-sdk_8"}},
		{"9", "2026-11-10", []string{"dotnet-sdk_9"}},
	},
}

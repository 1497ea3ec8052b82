package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

const swiftArchive58 = "9957cd48326fe8dbd52fdc50dd2502307f188b0d"

func TestDetectSwift(t *testing.T) {
	testDetect(t, swiftProvider, []detection{
		{repo{"Package.swift": ""}, "Package.swift"},
		{repo{"lib/Package.swift": "", "Package.resolved": ""}, ""},
	})
}

func TestSwiftPlan(t *testing.T) {
	files := repo{"Package.swift": "// swift-tools-version: 5.4\nimport PackageDescription\n", "Sources/shop/main.swift": ""}
	want := plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"coreutils", "swift", "clang", "zlib", "zlib.dev"},
				NixOverlays:    []string{},
				NixpkgsArchive: new("c82b46413401efa740a0b994f52e9903a4f6dcd5"),
			},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"swift package resolve"}, OnlyIncludeFiles: []string{"Package.swift"}},
			"build": {DependsOn: []string{"install"}, Cmds: []string{
				"CC=clang++ swift build -c release --static-swift-stdlib",
				"cp ./.build/release/shop ./shop && rm -rf ./.build",
			}},
		},
		Start: &plan.Start{Cmd: new("./shop")},
	}
	out := mustPlan(t, swiftProvider, appOf(t, files, nil))
	diffOf(t, "plan", want, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
	why := Reason{Fact: plan.Fact{Phase: "start", Field: "cmd", Value: "./shop"}, File: "Sources/shop/main.swift", Why: "the first main.swift belongs to the program"}
	diffOf(t, "reason for the start", why, reasonOf(t, out, why.Fact))

	files["Package.resolved"] = "{}"
	install := mustPlan(t, swiftProvider, appOf(t, files, nil)).Plan.Phases["install"]
	diffOf(t, "files with a lockfile", []string{"Package.swift", "Package.resolved"}, install.OnlyIncludeFiles)
}

func TestSwiftVersion(t *testing.T) {
	none := Reason{Why: "no version is asked for"}
	of := func(file string, line int, asked string) Reason {
		return Reason{File: file, Line: line, Why: `it asks for Swift "` + asked + `"`}
	}
	warning := func(file, asked string) string {
		return file + ` asks for Swift "` + asked + `", which has no package here; Swift 5.8 is used`
	}
	for _, tt := range []struct {
		file, manifest string // file "-" for none
		archive        string
		why            Reason
		warning        string
	}{
		{"-", "", swiftArchive58, none, ""},
		{"-", "// swift-tools-version:5.5.2", "7592790b9e02f7f99ddcb1bd33fd44ff8df6a9a7", of("Package.swift", 1, "5.5.2"), ""},
		{"-", "\n//swift-tools-version: 5.1.1 \r\n// swift-tools-version:5.4", "9986226d5182c368b7be1db1ab2f7488508b5a87", of("Package.swift", 2, "5.1.1"), ""},
		{"-", "// swift-tools-version:5.3", swiftArchive58, of("Package.swift", 1, "5.3"), ""},
		{"-", "// swift-tools-version:5.9", swiftArchive58, of("Package.swift", 1, "5.9"), warning("Package.swift", "5.9")},
		{"-", "// swift-tools-version:5.10", swiftArchive58, of("Package.swift", 1, "5.10"), warning("Package.swift", "5.10")},
		{"-", "// swift-tools-version:5.4;(experiment)", swiftArchive58, of("Package.swift", 1, "5.4;(experiment)"), warning("Package.swift", "5.4;(experiment)")},
		{"5.4\nrest", "// swift-tools-version:5.8", "c82b46413401efa740a0b994f52e9903a4f6dcd5", of(".swift-version", 1, "5.4"), ""},
		{" 5.7.3 ", "", "8cad3dbe48029cb9def5cdb2409a6c80d3acfe2e", of(".swift-version", 1, "5.7.3"), ""},
		{"5.7", "", swiftArchive58, of(".swift-version", 1, "5.7"), warning(".swift-version", "5.7")},
		{"", "// swift-tools-version:5.4", swiftArchive58, of(".swift-version", 1, ""), warning(".swift-version", "")},
	} {
		files := repo{"Package.swift": tt.manifest, "Sources/a/main.swift": ""}
		if tt.file != "-" {
			files[".swift-version"] = tt.file
		}
		out := mustPlan(t, swiftProvider, appOf(t, files, nil))
		name := tt.file + " and " + tt.manifest
		tt.why.Fact = plan.Fact{Phase: "setup", Field: "nixpkgs", Value: tt.archive}
		diffOf(t, "reason of "+name, tt.why, reasonOf(t, out, tt.why.Fact))
		var want []string
		if tt.warning != "" {
			want = []string{tt.warning}
		}
		diffOf(t, "warnings of "+name, want, out.Warnings)
	}
}

func TestSwiftReleasesAreThoseOfTheTable(t *testing.T) {
	for _, r := range swiftReleases {
		out := mustPlan(t, swiftProvider, appOf(t, repo{"Package.swift": "", "Sources/a/main.swift": "", ".swift-version": r.version}, nil))
		diffOf(t, "archive of "+r.version, r.archive, *out.Plan.Phases["setup"].NixpkgsArchive)
	}
}

func TestSwiftProgram(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"the first folder", repo{"Sources/Run/main.swift": "", "Sources/App/sub/main.swift": "", "Sources/App/x.swift": ""}, "./App"},
		{"none of a build", repo{"Sources/a/.build/main.swift": "", "Sources/b/main.swift": ""}, "./b"},
		{"a target of its own", repo{"Sources/main.swift": "", "Sources/server/main.swift": ""}, "./server"},
		{"letters of any language", repo{"Sources/Café_2.x+y-z/main.swift": ""}, "./Café_2.x+y-z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["Package.swift"] = ""
			diffOf(t, "start", tt.want, *mustPlan(t, swiftProvider, appOf(t, tt.files, nil)).Plan.Start.Cmd)
		})
	}
	for file, want := range map[string]string{
		"Sources/main.swift":                   "finding the program: there is no Sources/NAME/main.swift; ",
		"Sources/a/App.swift":                  "finding the program: there is no Sources/NAME/main.swift; ",
		"lib/Sources/a/main.swift":             "finding the program: there is no Sources/NAME/main.swift; ",
		"Sources/a; id/main.swift":             `reading "Sources/a; id/main.swift": its folder "a; id" is not the name of a program; `,
		"Sources/$(id)/main.swift":             `reading "Sources/$(id)/main.swift": its folder "$(id)" is not the name of a program; `,
		"Sources/a\nRUN id/main.swift":         `reading "Sources/a\nRUN id/main.swift": its folder "a\nRUN id" is not the name of a program; `,
		"Sources/-rf/main.swift":               `reading "Sources/-rf/main.swift": its folder "-rf" is not the name of a program; `,
		"Sources/a\u2028b \u200b/x/main.swift": "reading ",
	} {
		_, err := swiftProvider.Plan(appOf(t, repo{"Package.swift": "", file: ""}, nil))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", file, err, want)
		}
	}
}

func TestSwiftFailsWithAFileThatItReads(t *testing.T) {
	_, err := swiftProvider.Plan(appOf(t, repo{"Package.swift": "\xff", "Sources/a/main.swift": ""}, nil))
	wantSourceError(t, err, "Package.swift")
	_, err = swiftProvider.Plan(appOf(t, repo{"Package.swift": "\xff", ".swift-version": "5.8", "Sources/a/main.swift": ""}, nil))
	wantSourceError(t, err, "Package.swift")
	_, err = swiftProvider.Plan(appOf(t, repo{"Package.swift": "", ".swift-version": "\xff", "Sources/a/main.swift": ""}, nil))
	wantSourceError(t, err, ".swift-version")
	_, _, err = swiftProvider.InstallFiles(appOf(t, repo{"Package.swift": "\xff"}, nil))
	wantSourceError(t, err, "Package.swift")
	broken := brokenWalk(t, repo{"Package.swift": "", "b": ""})
	if _, err = swiftProvider.Plan(broken); err == nil {
		t.Error("planning: got no error for an app with too many files")
	}
	if _, _, err = swiftProvider.InstallFiles(broken); err == nil {
		t.Error("install files: got no error for an app with too many files")
	}
}

func TestSwiftWarnsOfItsDependencies(t *testing.T) {
	const (
		lock   = "there is no Package.resolved, so each build may install other versions; commit one"
		folder = "Package.swift line 2 takes a package from a folder, which the install phase does not see; name the folder in its onlyIncludeFiles"
	)
	for _, tt := range []struct {
		manifest string
		locked   bool
		want     []string
	}{
		{`.package(url: "https://git.example/a.git", from: "1.0.0")`, false, []string{lock}},
		{`.package(url: "https://git.example/a.git", from: "1.0.0")`, true, nil},
		{`// .package(url: "https://git.example/a.git", from: "1.0.0")`, false, nil},
		{"[\n.package(name: \"Lib\", path: \"../Lib\")]", false, []string{lock, folder}},
		{"[.package(url: \"https://git.example/a\", from: \"1\"),\n.package(url: \"https://git.example/a\", from: \"1\"), .package(path: \"Lib\")]", true, []string{folder}},
		{`.target(name: "a", path: "lib")`, false, nil},
	} {
		files := repo{"Package.swift": tt.manifest, "Sources/a/main.swift": ""}
		if tt.locked {
			files["Package.resolved"] = "{}"
		}
		diffOf(t, "warnings of "+tt.manifest, tt.want, mustPlan(t, swiftProvider, appOf(t, files, nil)).Warnings)
	}
}

func TestSwiftInstallFiles(t *testing.T) {
	const manifest = "// swift-tools-version:5.8\nimport PackageDescription // and not Foundation\n"
	of := func(text string) repo { return repo{"Package.swift": manifest + text} }
	testInstallFiles(t, swiftProvider, []installCase{
		{name: "the manifest", files: of(`.package(url: "https://git.example/a.git", from: "1.0.0")`), want: []string{"Package.swift"}},
		{name: "a lockfile", files: repo{"Package.swift": manifest, "Package.resolved": "{}"}, want: []string{"Package.resolved", "Package.swift"}},
		{name: "a version's manifest", files: repo{"Package.swift": manifest, "Package@swift-5.9.swift": ""}, blocker: "Package@swift-5.9.swift is the manifest for some versions of Swift"},
		{name: "a version's manifest of another package", files: repo{"Package.swift": manifest, "lib/Package@swift-5.9.swift": ""}, want: []string{"Package.swift"}},
		{name: "a configuration", files: repo{"Package.swift": manifest, ".swiftpm/configuration/mirrors.json": "{}"}, blocker: ".swiftpm/configuration may change where packages come from"},
		{name: "a folder", files: of(`.package(path: "../Lib")`), blocker: "Package.swift line 3 takes a package from a folder"},
		{name: "a folder on another line", files: of(".package(\n  name: \"x\",\n  path: \"../Lib\")"), blocker: "Package.swift line 3 takes a package from a folder"},
		{name: "a folder in a comment", files: of(`// .package(path: "../Lib")`), want: []string{"Package.swift"}},
		{name: "a local repository", files: of(`.package(url: "../Lib", from: "1.0.0")`), blocker: "Package.swift line 3 takes a package from a place that may be a folder"},
		{name: "a repository by its file", files: of(`.package(url: "file:///app/Lib", from: "1.0.0")`), blocker: "Package.swift line 3 takes a package from a place that may be a folder"},
		{name: "a computed repository", files: of(`.package(url: base + "x", from: "1.0.0")`), blocker: "Package.swift line 3 takes a package from a place that may be a folder"},
		{name: "another import", files: of("import Foundation"), blocker: "Package.swift line 3 imports more than PackageDescription"},
		{name: "another import of one thing", files: of("import class Foundation.FileManager"), blocker: "Package.swift line 3 imports more than PackageDescription"},
		{name: "an import in a comment", files: of("let url = \"x\" // import Foundation"), want: []string{"Package.swift"}},
		{name: "an import after a text", files: of("let url = \"https://x\"; import Foundation"), blocker: "Package.swift line 3 imports more than PackageDescription"},
		{name: "an import after a text without end", files: of("let url = \"https://x; import Foundation"), blocker: "Package.swift line 3 imports more than PackageDescription"},
		{name: "the context", files: of("let dir = Context.packageDirectory"), blocker: "Package.swift line 3 asks for the context of the package"},
	})
}

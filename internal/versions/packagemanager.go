package versions

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

// packageManager reads the key of that name in package.json, NAME@VERSION, if the name is the tool's.
func packageManager(tool string) func(*source.Tree, string) (value, error) {
	asked := inJSON("packageManager")
	return func(tree *source.Tree, file string) (value, error) {
		v, err := asked(tree, file)
		if err != nil || !strings.HasPrefix(v.text, tool+"@") {
			return value{}, err
		}
		return v, nil
	}
}

// managerRelease reads NAME@VERSION, and NAME@VERSION+ALGORITHM.HEX.
func managerRelease(text string) (ranges.Range, error) {
	_, release, _ := strings.Cut(text, "@")
	version, _, _ := strings.Cut(release, "+")
	if _, err := ManagerHash(text); err != nil {
		return ranges.Range{}, err
	}
	return npm(version)
}

// sums are the algorithms of the hashes that packageManager may have, with the size of a hash in bytes.
var sums = map[string]int{"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}

// ManagerHash returns the hash behind the version in a value of packageManager, as ALGORITHM:HEX; "" if it has none.
func ManagerHash(text string) (string, error) {
	_, hash, ok := strings.Cut(text, "+")
	if !ok {
		return "", nil
	}
	algorithm, digits, _ := strings.Cut(hash, ".")
	sum, err := hex.DecodeString(digits)
	if size := sums[algorithm]; err != nil || size == 0 || size != len(sum) {
		return "", fmt.Errorf("%.80q is no hash of a package manager: give ALGORITHM.HEX, as in sha512.0a1b..., or leave it out", hash)
	}
	return algorithm + ":" + strings.ToLower(digits), nil
}

// pnpmFormats are the releases of pnpm that read a lockfile by its first line, which is the lowest that it says.
var pnpmFormats = []struct{ begins, releases string }{
	{"lockfileVersion: 5", ">=7 <8"}, // pnpm 6 reads it too, and fails on Node 20 and later
	{"lockfileVersion: '6", ">=8 <9"},
	{"lockfileVersion: '9", ">=9"},
}

// pnpmFormat says which releases of pnpm read the lockfile.
func pnpmFormat(tree *source.Tree, file string) ([]Bound, error) {
	document, err := tree.Read(file)
	if err != nil {
		return nil, err
	}
	for _, f := range pnpmFormats {
		if strings.HasPrefix(document, f.begins) {
			first, _, _ := strings.Cut(document, "\n")
			return boundsOf(fmt.Sprintf("%s (%.40s)", file, strings.TrimSpace(first)), f.releases)
		}
	}
	return nil, nil
}

// yarnFormats are the releases of Yarn that write a lockfile of a version.
var yarnFormats = map[string]string{"4": ">=2 <3.1", "5": ">=3.1 <3.2", "6": ">=3.2 <4", "8": ">=4"}

var (
	yarnVersion = lazyregexp.New(`(?m)^__metadata:\n(?:  .*\n)*?  version: ["']?([0-9]+)`)

	// Yarn 2 and Yarn 3.0 write the same version, and compress what they cache in two ways.
	yarnTwo = lazyregexp.New(`(?m)^__metadata:\n(?:  .*\n)*?  cacheKey: ["']?[1-7]\b`)
)

// yarnFormat says which releases of Yarn leave the lockfile as it is: in CI, others fail. A lockfile of Yarn 1 says nothing.
func yarnFormat(tree *source.Tree, file string) ([]Bound, error) {
	document, err := tree.Read(file)
	if err != nil {
		return nil, err
	}
	m := yarnVersion.FindStringSubmatch(document)
	if m == nil || yarnFormats[m[1]] == "" {
		return nil, nil
	}
	if m[1] == "4" && yarnTwo.MatchString(document) {
		return boundsOf(file+" (version 4, of Yarn 2)", ">=2 <3")
	}
	return boundsOf(file+" (version "+m[1]+")", yarnFormats[m[1]])
}

// The file in which pnpm 10 and later look for their settings.
const pnpmSettings = "pnpm-workspace.yaml"

// pnpmScripts keeps from an app the releases of pnpm that would not run what its packages need to be installed. From version 10 on pnpm runs the
// scripts of those packages alone that onlyBuiltDependencies lists; from version 11 on, of those in allowBuilds of pnpm-workspace.yaml.
func pnpmScripts(tree *source.Tree, file string) ([]Bound, error) {
	var settings map[string]any
	if tree.HasFile(pnpmSettings) {
		if err := tree.YAML(pnpmSettings, &settings); err != nil {
			return nil, err
		}
	}
	releases, from := "<10", file
	const lists = "onlyBuiltDependencies"
	switch {
	case settings["allowBuilds"] != nil || settings["dangerouslyAllowAllBuilds"] != nil:
		releases, from = ">=10", pnpmSettings
	case settings[lists] != nil:
		releases, from = ">=10 <11", pnpmSettings
	default:
		var document any
		if err := tree.JSON(file, &document); err != nil {
			return nil, err
		}
		if at(document, "pnpm", lists) != nil {
			releases = "<11"
		}
	}
	list, err := boundsOf(from, releases)
	for i := range list {
		list[i].Quiet = true
	}
	return list, err
}

func boundsOf(from, releases string) ([]Bound, error) {
	r, err := ranges.NPM(releases)
	if err != nil {
		return nil, err
	}
	return []Bound{{From: from, Range: r}}, nil
}

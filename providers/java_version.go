package providers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/org/npx-action/internal/lazyregexp"
)

// gradlePackages are the versions of Gradle that can be asked for.
var gradlePackages = map[uint64]string{
	8: "gradle",
	7: "gradle_7",
	6: "gradle_6",
	5: "gradle_5",
	4: "gradle_4",
}

const gradleDefault = 8

// gradleDistribution finds the version in the address of a wrapper's archive, such as gradle-8.2.1-bin.zip.
var gradleDistribution = lazyregexp.New(`distributionUrl\S.*[gradle]-([0-9|.]*)`)

// gradleVersion returns the major version of Gradle and why it is that. It may be one that has no package.
func gradleVersion(app App) (uint64, cause, error) {
	version, ok, err := wholeVariable(app, "GRADLE_VERSION")
	if err != nil || ok {
		return version, byVariable(app, "GRADLE_VERSION"), err
	}
	if !app.Tree.HasFile(gradleWrapper) {
		return gradleDefault, byDefault("no version of Gradle is asked for"), nil
	}
	text, err := app.Tree.Read(gradleWrapper)
	if err != nil {
		return 0, cause{}, err
	}
	unknown := byFile(gradleWrapper, "it names no version of Gradle in the usual form")
	at := gradleDistribution.FindStringSubmatchIndex(text)
	if at == nil {
		return gradleDefault, unknown, nil
	}
	unknown.line = lineAt(text, at[0])
	asked := text[at[2]:at[3]]
	major, _, ok := majorMinor(asked)
	if !ok {
		return gradleDefault, unknown, nil
	}
	if version, err = strconv.ParseUint(major, 10, 32); err != nil {
		version = 0 // which has no package
	}
	return version, cause{gradleWrapper, unknown.line, fmt.Sprintf("distributionUrl asks for Gradle %.60q", asked)}, nil
}

func gradlePackage(version uint64, why cause) (string, error) {
	if pkg, ok := gradlePackages[version]; ok {
		return pkg, nil
	}
	where := "NIXPACKS_GRADLE_VERSION"
	if why.file != "" {
		where = fmt.Sprintf("%s:%d", why.file, why.line)
	}
	versions := slices.Sorted(maps.Keys(gradlePackages))
	return "", fmt.Errorf("reading %s: unsupported Gradle version: %d; set NIXPACKS_GRADLE_VERSION to one of %d to %d (a wrapper still runs its own)",
		where, version, versions[0], versions[len(versions)-1])
}

// gradleJDK returns the newest JDK that runs that version of Gradle, as far as Nixpacks looks.
func gradleJDK(version uint64) uint64 {
	switch {
	case version <= 5:
		return 8
	case version == 6:
		return 11
	}
	return jdkDefault.version
}

// chooseJDK returns the JDK that a variable asks for, else the fallback and why it is that.
func chooseJDK(app App, fallback uint64, why cause) (jdk, cause, error) {
	version, ok, err := wholeVariable(app, jdkVariable)
	if err != nil {
		return jdk{}, cause{}, err
	}
	if ok {
		why = byVariable(app, jdkVariable)
	} else {
		version = fallback
	}
	found, ok := findJDK(version)
	if !ok {
		return jdk{}, cause{}, fmt.Errorf("reading NIXPACKS_%s: unsupported JDK version: %d; set one of %s", jdkVariable, version, jdkVersions())
	}
	return found, why, nil
}

const gradleLevel = `(?m)^[^/\n]*(?:JavaLanguageVersion\.of\(|jvmToolchain\(|(?:source|target)Compatibility[ =]+(?:JavaVersion\.VERSION_|["'])?)(?:1[._])?(\d{1,3})\b`

// javaLevels find in a file the version of Java that the code is written for.
var javaLevels = []struct {
	file    string
	pattern *lazyregexp.Regexp
}{
	{"pom.xml", lazyregexp.New(`<(?:java\.version|maven\.compiler\.(?:release|source|target))>\s*(?:1\.)?(\d{1,3})\b`)},
	{"build.gradle", lazyregexp.New(gradleLevel)},
	{"build.gradle.kts", lazyregexp.New(gradleLevel)},
	{"system.properties", lazyregexp.New(`(?m)^\s*java\.runtime\.version\s*=\s*(?:1\.)?(\d{1,3})\b`)},
}

// javaTooNew warns if the app is for a newer Java than the JDK: nothing but the variable chooses it.
func javaTooNew(app App, given jdk) string {
	for _, level := range javaLevels {
		if !app.Tree.HasFile(level.file) {
			continue
		}
		text, err := app.Tree.Read(level.file)
		if err != nil {
			continue
		}
		at := level.pattern.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		asked, err := strconv.ParseUint(text[at[2]:at[3]], 10, 32)
		if err != nil || asked <= given.version {
			continue
		}
		return fmt.Sprintf("%s line %d asks for Java %d, which JDK %d cannot build; %s",
			level.file, lineAt(text, at[2]), asked, given.version, jdkHint(asked))
	}
	return ""
}

// jdkHint says how to have a JDK that is good for that version of Java.
func jdkHint(asked uint64) string {
	for _, j := range slices.Backward(jdks) {
		if j.version >= asked {
			return fmt.Sprintf("set NIXPACKS_%s to %d", jdkVariable, j.version)
		}
	}
	return fmt.Sprintf("%d is the newest that NIXPACKS_%s can ask for", jdks[0].version, jdkVariable)
}

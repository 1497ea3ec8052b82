package versions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

const gradleWrapper = "gradle/wrapper/gradle-wrapper.properties"

var (
	javaToolchain = lazyregexp.New(`(?m)^[^/\n]*(?:JavaLanguageVersion\.of\(|jvmToolchain\()\s*(\d{1,3})\b`)
	javaCompat    = lazyregexp.New(`(?m)^[^/\n]*(?:source|target)Compatibility[ =]+(?:JavaVersion\.VERSION_|["'])?(?:1[._])?(\d{1,3})\b`)
	gradleArchive = lazyregexp.New(`(?m)^\s*distributionUrl\s*[=:].*\bgradle-(\d+(?:\.\d+)*)`)
)

// pomLevels are the properties and settings of a POM that say for which Java it is, the clearest first.
var pomLevels = []string{"maven.compiler.release", "release", "java.version", "maven.compiler.target", "maven.compiler.source"}

var javaRows = append([]row{
	{tool: "java", key: "JDK_VERSION", parse: ranges.Java},
	{tool: "java", file: ".java-version", read: oneLine, parse: ranges.Java},
	{tool: "java", file: ".jdk-version", read: oneLine, parse: ranges.Java},
	{tool: "java", file: ".sdkmanrc", key: "java", read: property("java"), parse: ranges.Java},
	{tool: "java", file: "system.properties", key: "java.runtime.version", read: property("java.runtime.version"), parse: ranges.Java},
	{tool: "java", file: "build.gradle", key: "toolchain", read: matchReader(javaToolchain), parse: ranges.Java},
	{tool: "java", file: "build.gradle.kts", key: "toolchain", read: matchReader(javaToolchain), parse: ranges.Java},
	{tool: "java", file: "pom.xml", read: pomLevel, parse: ranges.JavaLevel},
	{tool: "java", file: "build.gradle", key: "sourceCompatibility", read: matchReader(javaCompat), parse: ranges.JavaLevel},
	{tool: "java", file: "build.gradle.kts", key: "sourceCompatibility", read: matchReader(javaCompat), parse: ranges.JavaLevel},
}, managersBy(ranges.Java, "java", "openjdk", "jdk", "temurin-bin")...)

var gradleRows = append([]row{
	{tool: "gradle", key: "GRADLE_VERSION", parse: ranges.Plain},
	{tool: "gradle", file: gradleWrapper, key: "distributionUrl", read: matchReader(gradleArchive), parse: ranges.Plain},
	{tool: "gradle", file: ".sdkmanrc", key: "gradle", read: property("gradle"), parse: ranges.Plain},
}, managersBy(ranges.Plain, "gradle")...)

var mavenRows = append([]row{
	{tool: "maven", key: "MAVEN_VERSION", parse: ranges.Plain},
	{tool: "maven", file: ".sdkmanrc", key: "maven", read: property("maven"), parse: ranges.Plain},
}, managersBy(ranges.Plain, "maven")...)

// Toolchain reads which JDK the script of a project of Gradle, or of a plugin of its build, compiles on. Its text is "" for one that says nothing.
func Toolchain(tree *source.Tree, file string) (Ask, error) {
	return row{tool: "java", file: file, key: "toolchain", read: matchReader(javaToolchain), parse: ranges.Java}.ask(tree, nil)
}

// property reads a line of a file of properties.
func property(key string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		text, err := small(tree, file)
		if err != nil {
			return value{}, err
		}
		number := 0
		for line := range strings.Lines(text) {
			number++
			name, asked, ok := strings.Cut(line, "=")
			if ok && strings.TrimSpace(name) == key {
				return value{text: withoutComment(asked), line: number}, nil
			}
		}
		return value{}, nil
	}
}

// matchReader reads what the first group of an expression matches first.
func matchReader(re *lazyregexp.Regexp) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		text, err := tree.Read(file)
		if err != nil {
			return value{}, err
		}
		at := re.FindStringSubmatchIndex(text)
		if at == nil {
			return value{}, nil
		}
		return value{text: text[at[2]:at[3]], line: 1 + strings.Count(text[:at[2]], "\n")}, nil
	}
}

var pomElement = lazyregexp.New(`<!--(?s:.*?)-->|<([a-z.]+)>\s*(?:1\.)?(\d{1,3})\s*</`)

// pomLevel reads for which Java the code of a Maven project is. A property that refers to another one is passed over: that one is read, too.
func pomLevel(tree *source.Tree, file string) (value, error) {
	text, err := tree.Read(file)
	if err != nil {
		return value{}, err
	}
	best, v := len(pomLevels), value{}
	for _, at := range pomElement.FindAllStringSubmatchIndex(text, -1) {
		if at[2] < 0 {
			continue // a comment
		}
		name := text[at[2]:at[3]]
		if i := slices.Index(pomLevels, name); i >= 0 && i < best {
			best, v = i, value{key: name, text: text[at[4]:at[5]], line: 1 + strings.Count(text[:at[4]], "\n")}
		}
	}
	return v, nil
}

// gradleRuns are the first releases of Gradle that run on a JDK, newest first, as Gradle's compatibility matrix has them.
var gradleRuns = []struct {
	gradle string
	jdk    int
}{
	{"9.4", 26}, {"9.1", 25}, {"8.14", 24}, {"8.10", 23}, {"8.8", 22}, {"8.5", 21}, {"8.3", 20}, {"7.6", 19}, {"7.5", 18}, {"7.3", 17}, {"7.0", 16},
	{"6.7", 15}, {"6.3", 14}, {"6.0", 13}, {"5.4", 12}, {"5.0", 11}, {"4.7", 10}, {"4.3", 9}, {"2.0", 8},
}

// gradleJDKs reads on which JDKs the Gradle of the wrapper runs.
func gradleJDKs(tree *source.Tree, file string) ([]Bound, error) {
	v, err := matchReader(gradleArchive)(tree, file)
	if err != nil || v.text == "" {
		return nil, err
	}
	return []Bound{{From: "Gradle " + v.text + " (" + file + ")", Range: GradleRunsOn(v.text)}}, nil
}

// GradleRunsOn are the JDKs on which a version of Gradle runs; it is open for one that is older than all that is known.
func GradleRunsOn(version string) ranges.Range {
	for _, r := range gradleRuns {
		if ranges.Compare(version, r.gradle) < 0 {
			continue
		}
		least := 8
		if ranges.Compare(version, "9") >= 0 {
			least = 17
		}
		jdks, err := ranges.Comparison(fmt.Sprintf(">=%d <=%d", least, r.jdk))
		if err != nil {
			panic(err) // the tests read every row
		}
		return jdks
	}
	return ranges.Any()
}

var scalaVersion = lazyregexp.New(`(?m)^(?:[^/\n]|/[^/\n])*\bscalaVersion\s*:=\s*"(\d+\.\d+\.\d+)"`)

// scalaCompiles are the first releases of each line of Scala that compile on a JDK with long support, newest first, as Scala's documentation has
// them.
var scalaCompiles = []struct {
	jdk   int
	first []string
}{
	{25, []string{"3.7.1", "3.3.6", "2.13.17", "2.12.21"}},
	{21, []string{"3.4.0", "3.3.1", "2.13.11", "2.12.18"}},
	{17, []string{"3.0.0", "2.13.6", "2.12.15"}},
	{11, []string{"2.13.0", "2.12.4"}},
}

// scalaJDKs reads on which JDKs the app's Scala compiles.
func scalaJDKs(tree *source.Tree, file string) ([]Bound, error) {
	v, err := matchReader(scalaVersion)(tree, file)
	if err != nil || v.text == "" {
		return nil, err
	}
	newest := 8
	for _, r := range scalaCompiles {
		if slices.ContainsFunc(r.first, func(first string) bool { return compilesAs(v.text, first, r.first) }) {
			newest = r.jdk
			break
		}
	}
	jdks, err := ranges.Comparison(fmt.Sprintf("<=%d", newest))
	return []Bound{{From: "Scala " + v.text + " (" + file + ")", Range: jdks}}, err
}

// compilesAs reports whether a version is of the line of first and not before it, or of a line that is newer than all of that major version.
func compilesAs(version, first string, all []string) bool {
	if ranges.Compare(version, first) < 0 {
		return false
	}
	newest := slices.IndexFunc(all, func(v string) bool { return ranges.Leading(v, 1) == ranges.Leading(version, 1) })
	return ranges.Leading(version, 2) == ranges.Leading(first, 2) || newest >= 0 && all[newest] == first
}

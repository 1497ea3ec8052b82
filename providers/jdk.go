package providers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A jdk is a release of Java that Java and Scala apps can ask for (nixpacks-1.39.md 3.12, 3.14).
type jdk struct {
	version uint64
	pkg     string
	image   string // with the runtime alone
}

// jdks are all releases that can be asked for, newest first. The package named jdk is the newest of its archive.
var jdks = []jdk{
	{21, "jdk21", "eclipse-temurin:21.0.1_12-jre-jammy"},
	{20, "jdk20", "eclipse-temurin:20.0.2_9-jre-jammy"},
	{19, "jdk", "eclipse-temurin:19.0.2_7-jre-jammy"},
	jdkDefault,
	{11, "jdk11", "eclipse-temurin:11.0.21_9-jre-jammy"},
	{8, "jdk8", "eclipse-temurin:8u392-b08-jre-jammy"},
}

var jdkDefault = jdk{17, "jdk17", "eclipse-temurin:17.0.9_9-jre-jammy"}

// jdkVariable names the variable without its prefix.
const jdkVariable = "JDK_VERSION"

// findJDK returns the release of that version.
func findJDK(version uint64) (found jdk, ok bool) {
	i := slices.IndexFunc(jdks, func(j jdk) bool { return j.version == version })
	if i < 0 {
		return jdk{}, false
	}
	return jdks[i], true
}

// jdkVersions lists the versions of jdks for a hint.
func jdkVersions() string {
	var all []string
	for _, j := range jdks {
		all = append(all, strconv.FormatUint(j.version, 10))
	}
	return strings.Join(all, ", ")
}

// wholeVariable returns the value of NIXPACKS_name, which must be a whole number; ok is false if it is not set.
func wholeVariable(app App, name string) (value uint64, ok bool, err error) {
	text, ok := app.Vars.Config(name)
	if !ok {
		return 0, false, nil
	}
	if value, err = strconv.ParseUint(text, 10, 32); err != nil {
		return 0, false, fmt.Errorf("reading NIXPACKS_%s: %q is not a whole number; give the major version alone", name, text)
	}
	return value, true, nil
}

// javaRuntime is Java, of all languages that run on it.
var javaRuntime = Runtime{
	Name:     "Java",
	Packages: patterns(`^jdk(\d*)(?:_headless)?$`),
	Releases: []Release{
		{"19", "2023-03-21", []string{"jdk19", "jdk@59dc10b5a6f2a592af36375c68fda41246794b86"}},
		{"20", "2023-09-19", []string{"jdk20"}},
	},
}

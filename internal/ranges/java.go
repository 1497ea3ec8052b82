package ranges

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	javaVendor  = lazyregexp.New(`^(?:[A-Za-z][A-Za-z0-9_]*[-@])+`)          // temurin-21.0.4 and openjdk64-17.0.2
	javaZulu    = lazyregexp.New(`^zulu-(?:[a-z]+-)*([0-9]+)(?:\.[0-9]+)+$`) // whose numbers after the first are of that vendor alone
	javaSuffix  = lazyregexp.New(`(?:\.[a-z]+)*-[A-Za-z]+$`)                 // 21.0.4-tem and 17.0.9.fx-zulu
	javaOld     = lazyregexp.New(`^1\.([5-9])(?:\.0(?:_([0-9]+))?)?$`)
	javaEight   = lazyregexp.New(`^8\.0\.([0-9]+)$`)
	javaNumbers = lazyregexp.New(`^(?:1\.)?([0-9]{1,3})$`)
)

// Java reads a version of a JDK as version managers write it: 21, 21.0.4, 1.8, 8.0.402, temurin-21.0.4+7 and 21.0.4-tem. Which vendor's JDK is asked
// for, and its build, do not matter.
func Java(text string) (Range, error) {
	return read("a version of Java, such as 21 or 21.0.4", text, func(text string) (Range, bool) {
		text = javaZulu.ReplaceAllString(text, "$1")
		text = javaSuffix.ReplaceAllString(javaVendor.ReplaceAllString(text, ""), "")
		text, _, _ = strings.Cut(text, "+")
		if m := javaOld.FindStringSubmatch(text); m != nil {
			text = m[1]
			if m[2] != "" {
				text += "u" + m[2]
			}
		}
		text = javaEight.ReplaceAllString(text, "8u$1")
		r, err := Plain(text)
		return r, err == nil
	})
}

// JavaLevel reads the version of the language that code is written in, such as 17 or 1.8. The nearest JDK that can compile it is asked for.
func JavaLevel(text string) (Range, error) {
	return read("a version of the Java language, such as 17", text, func(text string) (Range, bool) {
		m := javaNumbers.FindStringSubmatch(text)
		if m == nil {
			return Range{}, false
		}
		least, err := strconv.Atoi(m[1])
		return nearest(1, func(version string) bool { return major(version) >= least }), err == nil
	})
}

func major(version string) int {
	n, _ := strconv.Atoi(Leading(version, 1))
	return n
}

// AtLeast reads the oldest version that will do for a tool of which each line may differ from the one before: the nearest line is asked for. A
// line is that many numbers of a version.
func AtLeast(text string, line int) (Range, error) {
	return read("a version, such as 1.2.3", text, func(text string) (Range, bool) {
		if !plainNumber.MatchString(text) {
			return Range{}, false
		}
		return nearest(line, func(version string) bool { return Compare(version, text) >= 0 }), true
	})
}

// nearest is a range of which the lowest line is asked for.
func nearest(line int, allows func(version string) bool) Range {
	return Range{allows: allows, group: func(version string) string {
		var b strings.Builder
		for _, number := range strings.Split(Leading(version, line), ".") {
			fmt.Fprintf(&b, "%8s.", number)
		}
		return b.String()
	}}
}

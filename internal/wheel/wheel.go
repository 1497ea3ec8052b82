// Package wheel knows which packages of a Python lockfile are installed as they are. Names of wheels say so, and markers say for which system a package
// is.
package wheel

import (
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Name is what the name of a wheel's file says: the Pythons, the binary interfaces and the platforms that the wheel is for.
type Name struct{ Pythons, ABIs, Platforms []string }

var nameForm = lazyregexp.New(`^[^-]+-[^-]+(?:-[0-9][^-]*)?-([a-z0-9_.]+)-([a-z0-9_.]+)-([a-z0-9_.]+)\.whl$`)

// Parse reads the name of a file. It reports whether the file is a wheel.
func Parse(file string) (Name, bool) {
	m := nameForm.FindStringSubmatch(file)
	if m == nil {
		return Name{}, false
	}
	return Name{strings.Split(m[1], "."), strings.Split(m[2], "."), strings.Split(m[3], ".")}, true
}

// OnLinux reports whether the wheel is for Linux, or for every system.
func (n Name) OnLinux() bool {
	return slices.ContainsFunc(n.Platforms, func(tag string) bool { return tag == "any" || strings.Contains(tag, "linux") })
}

// oldestGlibc is the minor version of glibc 2 in the older of the two distributions that images stand on, Debian 11.
const oldestGlibc = 31

// Fits reports whether CPython 3 of a minor version installs the wheel on Linux with glibc. Arch is an architecture as wheels call it: x86_64 or aarch64.
func (n Name) Fits(minor int, arch string) bool {
	return slices.ContainsFunc(n.Platforms, func(tag string) bool { return platformFits(tag, arch) }) &&
		slices.ContainsFunc(n.Pythons, func(python string) bool {
			return slices.ContainsFunc(n.ABIs, func(abi string) bool { return pythonFits(python, abi, minor) })
		})
}

// oldPlatforms are the platforms whose names hold no version of glibc 2, with its minor version.
var oldPlatforms = map[string]int{"linux": 0, "manylinux1": 5, "manylinux2010": 12, "manylinux2014": 17}

func platformFits(tag, arch string) bool {
	system, ok := strings.CutSuffix(tag, "_"+arch)
	if !ok {
		return tag == "any"
	}
	glibc, ok := oldPlatforms[system]
	if number, newer := strings.CutPrefix(system, "manylinux_2_"); newer {
		n, err := strconv.Atoi(number)
		glibc, ok = n, err == nil
	}
	return ok && glibc <= oldestGlibc
}

// pythonFits follows the tags of PEP 425. A wheel with an interface of its own is for that Python alone, and one with abi3 for newer ones too. A wheel
// without an interface is for newer ones if it is for any implementation.
func pythonFits(python, abi string, minor int) bool {
	cpython, own := pythonMinor(python, "cp3")
	switch abi {
	case "none":
		since, any := pythonMinor(python, "py3")
		return python == "py3" || any && since <= minor || own && cpython == minor
	case "abi3":
		return own && cpython <= minor
	}
	return own && cpython == minor && abi == python
}

func pythonMinor(tag, prefix string) (int, bool) {
	digits, ok := strings.CutPrefix(tag, prefix)
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0
}

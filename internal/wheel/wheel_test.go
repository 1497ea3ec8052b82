package wheel_test

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/wheel"
)

// The tags that fit are pip's: `pip debug --verbose` of CPython 3.13 on Debian 11 lists them.
func TestWhichWheelsFit(t *testing.T) {
	for name, want := range map[string]string{
		"flask-3.0.3-py3-none-any.whl":                                                   "both",
		"bottle-0.13.4-py2.py3-none-any.whl":                                             "both",
		"old-1-py2-none-any.whl":                                                         "",
		"later-1-py312-none-any.whl":                                                     "both",
		"too_new-1-py314-none-any.whl":                                                   "",
		"own-1-cp313-none-any.whl":                                                       "both",
		"own-1-cp312-none-any.whl":                                                       "",
		"uv-0.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl":                 "amd64",
		"uv-0.9-py3-none-manylinux_2_28_aarch64.whl":                                     "arm64",
		"numpy-2.1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl":           "amd64",
		"numpy-2.1-cp313-cp313t-manylinux_2_17_x86_64.whl":                               "",
		"numpy-2.1-cp312-cp312-manylinux_2_17_x86_64.whl":                                "",
		"numpy-2.1-cp313-cp313-musllinux_1_2_x86_64.whl":                                 "",
		"numpy-2.1-cp313-cp313-win_amd64.whl":                                            "",
		"numpy-2.1-cp313-cp313-macosx_14_0_arm64.whl":                                    "",
		"cryptography-42-cp39-abi3-manylinux_2_28_x86_64.whl":                            "amd64",
		"cryptography-42-cp314-abi3-manylinux_2_28_x86_64.whl":                           "",
		"new-1-cp313-cp313-manylinux_2_39_x86_64.whl":                                    "",
		"numbered-1-2build-cp313-cp313-manylinux1_x86_64.whl":                            "amd64",
		"local-1-cp313-cp313-linux_aarch64.whl":                                          "arm64",
		"mypy-1-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl":                            "",
		"flask-3.0.3.tar.gz":                                                             "",
		"odd-1-cp3-cp3-manylinux_2_x_x86_64.whl":                                         "",
		"odd-1-cp3-1-cp3-1-any.whl":                                                      "",
		"two-1-cp312.cp313-cp312.cp313-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl": "both",
	} {
		n, _ := wheel.Parse(name)
		got := map[[2]bool]string{{true, true}: "both", {true, false}: "amd64", {false, true}: "arm64"}[[2]bool{n.Fits(13, "x86_64"), n.Fits(13, "aarch64")}]
		if got != want {
			t.Errorf("%s fits %q, not %q", name, got, want)
		}
	}
}

func TestWhichMarkersExclude(t *testing.T) {
	for marker, want := range map[string]bool{
		"":                             false,
		"sys_platform == 'win32'":      true,
		`sys_platform == "linux"`:      false,
		"platform_system != 'Windows'": false,
		"os_name == 'nt' or sys_platform == 'darwin'":                                 true,
		"os_name == 'nt' or platform_machine == 'x86_64'":                             false,
		"os_name == 'nt' and platform_machine == 'x86_64'":                            true,
		"python_full_version < '3.11'":                                                true,
		"python_full_version >= '3.11'":                                               false,
		"python_version < '3.9' and extra == 'x'":                                     true,
		"python_version == '3.13'":                                                    false,
		"python_full_version == '3.13.*'":                                             false,
		"(python_version < '3.9' or python_version >= '3.14') and os_name == 'posix'": true,
		"(python_version < '3.9'":                                                     false,
		"python_version < '3.9' nonsense":                                             false,
		"python_version in '3.8 3.9'":                                                 false,
		"python_version not in '3.8 3.9'":                                             false,
		"'3.9' > python_version":                                                      false,
		"platform_python_implementation == 'PyPy'":                                    true,
		"implementation_name == 'cpython' and platform_python_implementation != 'x'":  false,
		strings.Repeat("(", 1000) + "os_name == 'nt'" + strings.Repeat(")", 1000):     false,
	} {
		if got := wheel.Excludes(marker, "3.13.5"); got != want {
			t.Errorf("%.80q excludes: %t, not %t", marker, got, want)
		}
	}
}

func FuzzExcludes(f *testing.F) {
	f.Add("python_version < '3.9' or (os_name == 'nt')")
	f.Fuzz(func(_ *testing.T, marker string) { wheel.Excludes(marker, "3.13.5") })
}

func FuzzParse(f *testing.F) {
	f.Add("numpy-2.1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
	f.Fuzz(func(t *testing.T, name string) {
		if n, ok := wheel.Parse(name); !ok && (n.OnLinux() || n.Fits(13, "x86_64")) {
			t.Errorf("%q is no wheel and fits", name)
		}
	})
}

package ranges

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// An sdk is the number of a .NET SDK: 8.0.425 is of the feature band 4 with the patch 25.
type sdk struct {
	major, minor, band, patch int
	pre                       bool
}

var sdkNumber = lazyregexp.New(`^([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,6})(-[0-9A-Za-z.-]+)?$`)

func parseSDK(text string) (sdk, bool) {
	m := sdkNumber.FindStringSubmatch(text)
	if m == nil {
		return sdk{}, false
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	return sdk{n[0], n[1], n[2] / 100, n[2] % 100, m[4] != ""}, true
}

// policies are the words of rollForward, with how many numbers of the version stay (major, minor, band) and whether the nearest group of
// that many plus one is taken before the highest version.
var policies = map[string]struct {
	fixed   int
	nearest bool
}{
	"patch":         {3, false},
	"feature":       {2, true},
	"minor":         {1, true},
	"major":         {0, true},
	"latestPatch":   {3, false},
	"latestFeature": {2, false},
	"latestMinor":   {1, false},
	"latestMajor":   {0, false},
	"disable":       {},
}

// DotNet reads version and rollForward of the sdk in global.json. Without a version any SDK will do; without a policy a later patch of the
// feature band will. The words, and that none gives an SDK older than the version, are documented with global.json.
//
// "patch" is here as "latestPatch": it prefers the very version where it is installed, which [Range.Exact] tells.
func DotNet(version, rollForward string) (Range, error) {
	version, rollForward = strings.TrimSpace(version), strings.TrimSpace(rollForward)
	if rollForward == "" {
		rollForward = "latestPatch"
	}
	i := slices.IndexFunc(sortedPolicies, func(name string) bool { return strings.EqualFold(name, rollForward) })
	if i < 0 {
		return Range{}, fmt.Errorf("rollForward %.40q is none of %s", rollForward, strings.Join(sortedPolicies, ", "))
	}
	policy := policies[sortedPolicies[i]]
	return read("the version of an SDK, such as 10.0.100", version, func(text string) (Range, bool) {
		if text == "" {
			return Range{}, true
		}
		want, ok := parseSDK(text)
		if !ok {
			return Range{}, false
		}
		if sortedPolicies[i] == "disable" {
			return Range{exact: text, allows: func(v string) bool { return v == text }}, true
		}
		r := Range{allows: func(v string) bool {
			have, ok := parseSDK(v)
			return ok && slices.Equal(have.numbers()[:policy.fixed], want.numbers()[:policy.fixed]) && Compare(v, text) >= 0
		}}
		if sortedPolicies[i] == "patch" {
			r.exact = text
		}
		if policy.nearest {
			// The band is the group: numbers of equal width follow each other as text.
			r.group = func(v string) string {
				have, _ := parseSDK(v)
				return fmt.Sprintf("%04d.%04d.%04d", have.major, have.minor, have.band)
			}
		}
		return r, true
	})
}

var sortedPolicies = func() []string {
	var names []string
	for name := range policies {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names
}()

func (s sdk) numbers() []int { return []int{s.major, s.minor, s.band} }

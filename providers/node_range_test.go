package providers

import (
	"slices"
	"strings"
	"testing"
)

// majorsOf returns the majors that a range overlaps, newest first; nil if the text is no range.
func majorsOf(text string) []uint64 {
	r, ok := parseNodeRange(text)
	if !ok {
		return nil
	}
	majors := []uint64{}
	for _, m := range nodeMajors {
		if r.overlaps(m) {
			majors = append(majors, m)
		}
	}
	return majors
}

func TestNodeRange(t *testing.T) {
	none, all := []uint64{}, nodeMajors
	for text, want := range map[string][]uint64{
		// Not a range.
		strings.Repeat("18 ", 400): nil,
		"":                         nil, " ": nil, "||": nil, "V20": nil, "18.": nil, "18,20": nil, "node": nil, "latest": nil, "lts/*": nil,
		"22.x-alpha": nil, "1.2.3.4": nil, "1.2.3-": nil, "1.2.3+": nil, "18\n": nil, "99999999999999999999": nil,
		"900719925474100": nil, ">": nil, "20 - 18": nil, "20.0.0 - 20.0": {20},
		// Nixpacks crashes.
		"=*": nil, "~*": nil, "~x": nil, "~ > x": nil, "~18.x.1": nil, "18 || =x": nil,
		// Plain versions.
		"18": {18}, "v18": {18}, "v 18": {18}, " 18 ": {18}, "18.x": {18}, "18.X.*": {18}, "18.x.5": {18}, "18.3": {18},
		"18.3.1": {18}, "018": {18}, "18.3.1-rc.1": {18}, "18.3.1rc": {18}, "18.3.1+b.1": {18}, "x": all, "*": all, "*.1": all,
		"12": none, "21": none, "23": none, "24": none,
		// Words that mean nothing.
		"18.x foo": {18}, "20 # c": {20}, "foo 20": {20}, "18.20.1.4 16": {16}, "18.3.1-. 20": {20},
		// Comparators.
		">18": {22, 20}, "> 18.3": {22, 20, 18}, ">18.3.1": {22, 20, 18}, ">x": all, ">=20": {22, 20}, ">= v20.1": {22, 20},
		"<=18": {16, 14}, "<=18.0.0": {18, 16, 14}, "<=20.x": {18, 16, 14}, "<=18.4": {18, 16, 14}, "<=x": none,
		"<18": {16, 14}, "<18.0.0": {16, 14}, "<18.1": {18, 16, 14}, "<18.0": {16, 14}, "<14": none, "<x": none,
		"=18": {18}, "= v18.2": {18}, "=18.2.3": {18}, ">=23": none,
		"~18": {18}, "~18.2": {18}, "~18.2.3": {18}, "~>18": {18}, "~ > 18.2": {18},
		"^18": {18}, "^18.2": {18}, "^18.2.3-rc": {18}, "^ 16 ": {16}, "^0": none, "^0.1": none, "^0.1.2": none, "^0.0.2": none,
		"^0.x": none, "^x 16": {16}, "^18.x.1 16": {16},
		// Together and alternatives.
		">=16 <20": {18, 16}, ">=16 <=20": {18, 16}, ">16.5.0 <18.0.1": {18, 16}, "18 20": {20, 18}, "16 18 20": {20, 18, 16},
		"14 || 18": {18, 14}, "14||18||": {18, 14}, "12 || >=22": {22}, "18.0.0 <18.0.0": {18, 16, 14},
		">=18.0.0 >18.0.0 <18.0.1": {18}, ">18.5.0 <=18.5.0": {22, 20, 18, 16, 14}, "x >=22": {22},
		"18.0.0-0 >=18.0.0-0": none,
		// Hyphens.
		"16 - 20": {20, 18, 16}, "16.1.2 - 18.0.0": {18, 16}, "16 - 18.0": {18, 16}, " - 16": {16, 14}, "- 16": {16}, "16 - x": nil,
		"|| - 16": {16}, "18 - 99999999999999999999": {18}, "x - 16": {16, 14}, "16 -18": {16},
		// Pre-releases.
		"<19.0.0-0": {18, 16, 14}, "<20.0.0-rc.1": {18, 16, 14}, ">=22.0.0-a.1 <22.0.0-b": none, ">=18.0.0-1 <18.0.0-1.2": none,
		">=20.0.0-1 <20.0.0-a": none, ">=20.0.0-a <20.0.0-1": {22, 20, 18, 16, 14}, ">=20.0.0-2 <20.0.0-10": none,
	} {
		if got := majorsOf(text); !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%q overlaps %v, want %v", text, got, want)
		}
	}
}

func FuzzNodeRange(f *testing.F) {
	for _, s := range []string{"18", ">=16 <20 || ~22.1", "16 - 18.x", "=*", "^0.0.1-rc.1+b", "v18 foo", "<=18.0.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := majorsOf(s)
		// Once more is no more, and nothing is lost by an alternative.
		if strings.TrimLeft(s, " \t") != s || got == nil || len(s) > maxRange/3 {
			return
		}
		if twice := majorsOf(s + " || " + s); !slices.Equal(got, twice) {
			t.Errorf("%q overlaps %v, written twice %v", s, got, twice)
		}
		if more := majorsOf(s + " || 18"); !slices.Contains(more, 18) || !slices.Equal(without18(more), without18(got)) {
			t.Errorf("%q overlaps %v, with 18 %v", s, got, more)
		}
	})
}

func without18(majors []uint64) []uint64 {
	return slices.DeleteFunc(slices.Clone(majors), func(m uint64) bool { return m == 18 })
}

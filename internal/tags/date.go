package tags

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // images need not have the time zones

	"github.com/org/npx-action/internal/lazyregexp"
)

// dateToken is a token of a date's format in the notation of Moment.js, in the order that it tries them; the last takes any
// character. A backslash before a token makes it text.
var dateToken = lazyregexp.New(`\[[^\[]*\]|\\?(?:Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW|]?|Qo?|N{1,5}|YYYYYY|YYYYY|YYYY|YY|y{2,4}|yo?|` +
	`gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|LTS|LT|LL?L?L?|l{1,4}|(?s:.))`)

// layouts are the tokens that Go's package time has words for.
var layouts = map[string]string{
	"YYYY": "2006", "Y": "2006", "YY": "06", "M": "1", "MM": "01", "MMM": "Jan", "MMMM": "January", "D": "2", "DD": "02", "DDDD": "002",
	"ddd": "Mon", "dddd": "Monday", "HH": "15", "h": "3", "hh": "03", "m": "4", "mm": "04", "s": "5", "ss": "05",
	"A": "PM", "a": "pm", "Z": "-07:00", "ZZ": "-0700", "z": "MST", "zz": "MST",
}

// refused begin tokens of Moment.js that depend on a language, or that nobody writes into a tag.
const refused = "LlNywge"

// formatDate formats a time in the notation of Moment.js, in English. Characters that mean nothing stay as they are; those that mean
// something that is not offered are an error.
func formatDate(t time.Time, format string) (string, error) {
	var b strings.Builder
	for _, token := range dateToken.FindAllString(format, -1) {
		layout, ok := layouts[token]
		switch {
		case ok:
			b.WriteString(t.Format(layout))
		case len(token) > 1 && token[0] == '[':
			b.WriteString(token[1 : len(token)-1])
		case token[0] == '\\':
			b.WriteString(strings.ReplaceAll(token, `\`, ""))
		case computed[token] != nil:
			b.WriteString(computed[token](t))
		case token[0] == 'S':
			b.WriteString(fmt.Sprintf("%09d", t.Nanosecond())[:len(token)])
		case strings.Contains(refused, token[:1]) || len(token) > 1 && token[0] < 0x80:
			return "", fmt.Errorf("reading date format %q: %s is not offered; put plain text in [brackets]", format, token)
		default:
			b.WriteString(token)
		}
	}
	return b.String(), nil
}

// computed are the other tokens.
var computed = map[string]func(time.Time) string{
	"H":    func(t time.Time) string { return strconv.Itoa(t.Hour()) },
	"k":    func(t time.Time) string { return strconv.Itoa((t.Hour()+23)%24 + 1) },
	"kk":   func(t time.Time) string { return fmt.Sprintf("%02d", (t.Hour()+23)%24+1) },
	"DDD":  func(t time.Time) string { return strconv.Itoa(t.YearDay()) },
	"Mo":   func(t time.Time) string { return ordinal(int(t.Month())) },
	"Do":   func(t time.Time) string { return ordinal(t.Day()) },
	"DDDo": func(t time.Time) string { return ordinal(t.YearDay()) },
	"d":    func(t time.Time) string { return strconv.Itoa(int(t.Weekday())) },
	"do":   func(t time.Time) string { return ordinal(int(t.Weekday())) },
	"dd":   func(t time.Time) string { return t.Weekday().String()[:2] },
	"E":    func(t time.Time) string { return strconv.Itoa((int(t.Weekday())+6)%7 + 1) },
	"Q":    func(t time.Time) string { return strconv.Itoa((int(t.Month())-1)/3 + 1) },
	"Qo":   func(t time.Time) string { return ordinal((int(t.Month())-1)/3 + 1) },
	"W":    func(t time.Time) string { _, week := t.ISOWeek(); return strconv.Itoa(week) },
	"WW":   func(t time.Time) string { _, week := t.ISOWeek(); return fmt.Sprintf("%02d", week) },
	"Wo":   func(t time.Time) string { _, week := t.ISOWeek(); return ordinal(week) },
	"GG":   func(t time.Time) string { year, _ := t.ISOWeek(); return fmt.Sprintf("%02d", year%100) },
	"GGGG": func(t time.Time) string { year, _ := t.ISOWeek(); return strconv.Itoa(year) },
	"X":    func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	"x":    func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) },
}

func ordinal(n int) string {
	suffix := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// loadZone finds a time zone by its name in the IANA database. The machine's own has none.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("reading time zone %q: give a name such as UTC or Europe/Paris", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("reading time zone %q: give a name such as UTC or Europe/Paris", name)
	}
	return zone, nil
}

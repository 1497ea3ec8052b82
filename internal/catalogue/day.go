package catalogue

import "time"

// A Day is a date such as 2026-11-28; days compare as strings do. "" is an unknown day.
type Day string

func (d Day) valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// settled is how old a line has to be to be given where nobody asked for it.
const settled = 6 // months

// before returns the day that is so many months earlier. A day that is not in that month is counted on, as [time.Time.AddDate] does.
func (d Day) before(months int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, -months, 0).Format(time.DateOnly))
}

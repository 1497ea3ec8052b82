// Package text holds what the programs say.
package text

// Count says how many there are of something.
func Count(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return "many " + noun + "s"
}

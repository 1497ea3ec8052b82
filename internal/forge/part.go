package forge

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A comment of ours starts with the marker. Below a title it holds parts, each between a line of its own and an end. These lines
// hold hex and digits only, so that nothing from a repository can end or forge them.
var (
	marker    = lazyregexp.New(`^<!-- npx-action v=1 key=([0-9a-f]{16}) -->(?:\n|$)`)
	partStart = lazyregexp.New(`(?m)^<!-- npx-action part=([0-9a-f]{16}) name=([0-9a-f]{0,128}) rank=(\d) run=(\d{1,18})\.(\d{1,18}) sha=([0-9a-f]{0,64}) text=([0-9a-f]{16}) -->\n`)
)

const (
	partEnd = "<!-- npx-action end -->\n"
	ours    = "<!-- npx-action"
)

// A part is what one job has said in a comment.
type part struct {
	key          string // of its name
	name         string // the start of it, for the order
	rank         int
	run, attempt int64
	sha          string
	sum          string // of the text as it was written
	text         string // as it stands there, which a person may have edited
}

var notHex = lazyregexp.New(`[^0-9a-f]`)

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// newPart is the part of a post with this text. A text cannot hold lines like ours.
func newPart(p Post, text string) part {
	text = strings.TrimSpace(strings.ReplaceAll(unixLines(text), ours, "<!-- npx action"))
	sha := notHex.ReplaceAllString(strings.ToLower(p.SHA), "")
	return part{
		key: short(p.Part), name: p.Part[:min(len(p.Part), 64)], rank: min(max(p.Rank, 0), 9),
		run: max(p.Run, 0), attempt: max(p.Attempt, 0), sha: sha[:min(len(sha), 64)], sum: short(text), text: text,
	}
}

func (p part) String() string {
	return fmt.Sprintf("<!-- npx-action part=%s name=%s rank=%d run=%d.%d sha=%s text=%s -->\n%s\n%s",
		p.key, hex.EncodeToString([]byte(p.name)), p.rank, p.run, p.attempt, p.sha, p.sum, p.text, partEnd)
}

// says reports whether the same stands in both, and nobody has edited p since.
func (p part) says(q part) bool { return p.sum == q.sum && short(p.text) == p.sum && p.rank == q.rank }

// newer reports whether p is by a later run than q.
func (p part) newer(q part) bool {
	return cmp.Or(cmp.Compare(p.run, q.run), cmp.Compare(p.attempt, q.attempt)) > 0
}

// parts are the parts of a comment's text by key. Text that is not in a part is dropped.
func parts(body string) map[string]part {
	all := map[string]part{}
	body = unixLines(body)
	for {
		at := partStart.FindStringSubmatchIndex(body)
		if at == nil {
			return all
		}
		field := func(i int) string { return body[at[2*i]:at[2*i+1]] }
		name, _ := hex.DecodeString(field(2)) // at worst shorter
		p := part{key: field(1), name: string(name), sha: field(6), sum: field(7)}
		p.rank, _ = strconv.Atoi(field(3))
		p.run, _ = strconv.ParseInt(field(4), 10, 64)
		p.attempt, _ = strconv.ParseInt(field(5), 10, 64)
		var ended bool
		rest := body[at[1]:]
		p.text, body, ended = strings.Cut(rest, "\n"+strings.TrimSuffix(partEnd, "\n"))
		if !ended { // somebody has cut it: the next part begins behind
			next := partStart.FindStringIndex(rest)
			if next == nil {
				next = []int{len(rest)}
			}
			p.text, body = rest[:next[0]], rest[next[0]:]
		}
		if old, ok := all[p.key]; !ok || p.newer(old) {
			all[p.key] = p
		}
	}
}

// compose is the text of a comment.
func compose(key, title string, all map[string]part) string {
	list := slices.SortedFunc(maps.Values(all), func(a, b part) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name), cmp.Compare(a.key, b.key))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- npx-action v=1 key=%s -->\n", short(key))
	if title != "" {
		b.WriteString(title + "\n")
	}
	for _, p := range list {
		b.WriteString("\n" + p.String())
	}
	return b.String()
}

// isOurs reports whether a comment starts with the marker of a key.
func isOurs(body, key string) bool {
	m := marker.FindStringSubmatch(unixLines(body))
	return m != nil && m[1] == short(key)
}

func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

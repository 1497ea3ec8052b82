package secret

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

func TestHide(t *testing.T) {
	const short, long, key = "correct-horse", "correct-horse-battery/staple+?", "-----BEGIN KEY-----\nMIIEowIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyz/+ABCDEFGHIJKLMNOPQRSTUVWXYZ0123\n-----END KEY-----"
	s := NewScanner(map[string]string{"SHORT": short, "LONG": long, "KEY": key})
	wrapped := base64.StdEncoding.EncodeToString([]byte(key + "\n"))
	for name, text := range map[string]string{
		"as it is":                short,
		"with another behind":     short + " " + long,
		"without a gap":           long + short,
		"base64":                  base64.StdEncoding.EncodeToString([]byte(long)),
		"base64 of a URL":         base64.URLEncoding.EncodeToString([]byte("user:" + long)),
		"base64 behind two bytes": base64.StdEncoding.EncodeToString([]byte("u:" + short)),
		"in a query":              "a=" + url.QueryEscape(long),
		"in a path":               "/" + url.PathEscape(long) + "/",
		"every byte in percent":   percent(short),
		"lower case":              "a=" + strings.ToLower(url.QueryEscape(long)),
		"a line of a key":         strings.Split(key, "\n")[1],
		"a whole key":             key,
		"wrapped base64":          wrapped[:76] + "\n" + wrapped[76:],
	} {
		got := s.Hide("before " + text + " after")
		if !strings.Contains(got, Mark) || len(s.Text(got)) > 0 {
			t.Errorf("%s: %s", name, got)
		}
		for _, part := range []string{"horse", "staple", "MIIEowI", "%63%6f"} {
			if strings.Contains(got, part) {
				t.Errorf("%s: %q is left of %q: %s", name, part, text, got)
			}
		}
	}
	for text, want := range map[string]string{
		"nothing\n":                          "nothing\n",
		"":                                   "",
		"a " + short + " b\r\nc\n":           "a *** b\r\nc\n",
		"one\n" + percent(short) + "\ntwo\n": "one\n***\ntwo\n",
		long + "!":                           "***!",
	} {
		if got := s.Hide(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

// percent is a text with every byte in percent-encoding.
func percent(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("%" + string("0123456789abcdef"[text[i]>>4]) + string("0123456789abcdef"[text[i]&15]))
	}
	return b.String()
}

package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
)

func TestPlatformsAreSeparatedByCommasOrRepeated(t *testing.T) {
	for _, tt := range []struct {
		given []string
		want  string
	}{
		{[]string{"linux/arm64"}, "linux/arm64"},
		{[]string{"linux/arm64, linux/amd64"}, "linux/arm64,linux/amd64"},
		{[]string{"linux/arm64", "linux/amd64", "linux/arm64"}, "linux/arm64,linux/amd64"},
		{[]string{"linux/arm64/v8"}, "linux/arm64/v8"},
		{[]string{"linux/amd64,"}, ""},
		{[]string{"linux/amd64,linux/riscv64"}, ""},
		{[]string{"windows/amd64"}, ""},
	} {
		p := platform{name: "linux/s390x"}
		var err error
		for _, s := range tt.given {
			if err == nil {
				err = p.Set(s)
			}
		}
		if tt.want == "" && status(err) != statusUsage || tt.want != "" && (err != nil || p.String() != tt.want) {
			t.Errorf("%q: %s, %v", tt.given, &p, err)
		}
	}
}

func TestAddressesAreThoseOfPlatforms(t *testing.T) {
	all, err := parseAddresses([]string{"linux/arm64=tcp://arm:1", "kube-pod://b?namespace=ci"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range []string{"linux/arm64", "linux/arm64/v8", "linux/amd64"} {
		got[p] = all.at(p)
	}
	want := map[string]string{"linux/arm64": "tcp://arm:1", "linux/arm64/v8": "tcp://arm:1", "linux/amd64": "kube-pod://b?namespace=ci"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, list := range [][]string{
		{"linux/mips=tcp://h:1"}, {"linux/arm64="}, {"tcp://h:1", "tcp://h:2"}, {"linux/arm64=tcp://h:1", "linux/arm64/v8=tcp://h:2"}, {"=tcp://h:1"},
	} {
		if _, err := parseAddresses(list); status(err) != statusUsage {
			t.Errorf("%q: %v", list, err)
		}
	}
}

func TestAPlatformThatABuilderCannotRunIsAnErrorWithAHint(t *testing.T) {
	for _, tt := range []struct {
		platforms []string
		err, note bool
	}{
		{nil, false, false},
		{[]string{"linux/arm64", "linux/arm"}, false, false},
		{[]string{"linux/amd64", "linux/amd64/v2", "linux/arm64"}, false, true},
		{[]string{"linux/amd64", "linux/amd64/v2", "linux/386"}, true, false},
	} {
		var said []string
		im := &image{platform: "linux/arm64/v8", say: func(kind, text string) { said = append(said, kind+": "+text) }}
		err := im.buildable(builder.Info{Address: "tcp://builder:1", Platforms: tt.platforms})
		if noted := len(said) == 1 && strings.Contains(said[0], "emulates linux/arm64"); (err != nil) != tt.err || noted != tt.note {
			t.Errorf("%q: %v, %q", tt.platforms, err, said)
		}
		if err == nil {
			continue
		}
		text, hint := message(err)
		if status(err) != statusUsage || !strings.Contains(text, "there is no builder for linux/arm64/v8: that at tcp://builder:1 builds linux/386, linux/amd64") ||
			!strings.Contains(hint, "--buildkit-host linux/arm64=ADDRESS") || !strings.Contains(hint, "--install arm64") {
			t.Errorf("%s\n%s", text, hint)
		}
	}
}

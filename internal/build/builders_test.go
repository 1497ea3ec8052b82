package build_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
)

func TestAddressesAreThoseOfPlatforms(t *testing.T) {
	all, err := build.ParseAddresses([]string{"linux/arm64=tcp://arm:1", "kube-pod://b?namespace=ci"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range []string{"linux/arm64", "linux/arm64/v8", "linux/amd64"} {
		got[p] = all.At(p)
	}
	want := map[string]string{"linux/arm64": "tcp://arm:1", "linux/arm64/v8": "tcp://arm:1", "linux/amd64": "kube-pod://b?namespace=ci"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, list := range [][]string{
		{"linux/mips=tcp://h:1"}, {"linux/arm64="}, {"tcp://h:1", "tcp://h:2"}, {"linux/arm64=tcp://h:1", "linux/arm64/v8=tcp://h:2"}, {"=tcp://h:1"},
	} {
		if _, err := build.ParseAddresses(list); fault.Status(err) != fault.Misuse {
			t.Errorf("%q: %v", list, err)
		}
	}
}

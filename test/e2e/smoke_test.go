package e2e

import (
	"strings"
	"testing"
)

func TestASlimImageIsTriedBeforeThePush(t *testing.T) {
	for _, tt := range []struct {
		name, start string
		status      int
		want        string // on standard error
	}{
		{"it ends well", "echo done", 0, "smoke test: the image starts: exited 0"},
		{"it listens", `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => $ENV{PORT}) or die; sleep 60'`, 0, "smoke test: the image starts: listening"},
		{"what the slim image lacks", "make --version", 1, "make: command not found"},
		{"what no image has", "echo no database; exit 3", 0, "exited 3 here: no database"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			image := here.Registry + "/e2e/smoke:" + strings.ReplaceAll(tt.name, " ", "-")
			_, r := tryBuild(t, shared, commandsApp(t, "true", tt.start), "--runtime", "slim", "--tag", image, "--push")
			if r.Status != tt.status || !strings.Contains(r.Stderr, tt.want) {
				t.Errorf("status %d, want %d and %q in\n%s", r.Status, tt.status, tt.want, r.Stderr)
			}
			if _, err := remoteImage(image); (err == nil) != (tt.status == 0) {
				t.Errorf("looking for the pushed image: %v", err)
			}
		})
	}
}

package project_test

import (
	"testing"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/project"
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
		p := project.Platform{Name: "linux/s390x"}
		var err error
		for _, s := range tt.given {
			if err == nil {
				err = p.Set(s)
			}
		}
		if tt.want == "" && fault.Status(err) != fault.Misuse || tt.want != "" && (err != nil || p.String() != tt.want) {
			t.Errorf("%q: %s, %v", tt.given, &p, err)
		}
	}
}

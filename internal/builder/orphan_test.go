package builder_test

import (
	"os/exec"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

func TestAProcessHasEndedOnlyWhereThatIsSeen(t *testing.T) {
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	name := builder.ProcessNamed(cmd.Process.Pid)
	if name == "" || builder.HasEnded(name) {
		t.Errorf("the process %q has ended before its end", name)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if !builder.HasEnded(name) {
		t.Errorf("the process %q runs after its end", name)
	}
	for _, unknown := range []string{"", "x", "another-boot pid:[4026531836] 1 1", "another-boot another-namespace 1 1"} {
		if builder.HasEnded(unknown) {
			t.Errorf("the process %q passes for ended", unknown)
		}
	}
}

package store

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vectors are what a real Nix 2.8 says of releases: the release, the path of its derivation, its own, and the SHA-256 of the derivation's
// file. The last column is for those who can fetch the archives: the hash of the files, as nix-store --query --hash has it.
func vectors(t *testing.T) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/releases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

func TestPathsAndDerivationsAreThoseOfNix(t *testing.T) {
	rows := vectors(t)
	if len(rows) < 10 {
		t.Fatalf("%d releases", len(rows))
	}
	for _, row := range rows {
		r, err := ParseRelease(row[0])
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
			continue
		}
		d := r.Derivation()
		got := []string{r.String(), d.Path(), r.Out(), digest(d.Text())}
		if diff := cmp.Diff(row[:4], got); diff != "" {
			t.Errorf("%s (-Nix +computed):\n%s", r.ID(), diff)
		}
	}
}

// The path is that which nix-instantiate of Nix 2.8 gives for the expression below.
func TestTextsAreQuotedAsNixQuotesThem(t *testing.T) {
	d := &Derivation{
		Name: "odd", System: "x86_64-linux", Builder: "/bin/sh", Args: []string{"-c", "echo \"${out}\"\t\\n\r\n"},
		Env: map[string]string{"text": "ü $x ${y}"},
	}
	wantNix := "derivation {\n  builder = \"/bin/sh\";\n  name = \"odd\";\n  system = \"x86_64-linux\";\n" +
		"  text = \"ü $x \\${y}\";\n  args = [ \"-c\" \"echo \\\"\\${out}\\\"\\t\\\\n\\r\\n\" ];\n}\n"
	if diff := cmp.Diff(wantNix, d.Nix()); diff != "" {
		t.Errorf("expression (-want +got):\n%s", diff)
	}
	wantText := `Derive([("out","OUT","","")],[],[],"x86_64-linux","/bin/sh",["-c","echo \"${out}\"\t\\n\r\n"],` +
		`[("builder","/bin/sh"),("name","odd"),("out","OUT"),("system","x86_64-linux"),("text","ü $x ${y}")])`
	if diff := cmp.Diff(strings.ReplaceAll(wantText, "OUT", d.Out()), d.Text()); diff != "" {
		t.Errorf("derivation (-want +got):\n%s", diff)
	}
	if want := "/nix/store/457b71mxq7dxzrbmf71v0jrgrmk3f9lx-odd.drv"; d.Path() != want {
		t.Errorf("path %s, want %s", d.Path(), want)
	}
}

func TestAMirrorChangesNoPath(t *testing.T) {
	r, err := ParseRelease(vectors(t)[0][0])
	if err != nil {
		t.Fatal(err)
	}
	mirrored := r
	mirrored.URL = "http://mirror.example:8080/copy"
	if r.Out() != mirrored.Out() {
		t.Errorf("%s from upstream, %s from the mirror", r.Out(), mirrored.Out())
	}
	if r.Derivation().Path() == mirrored.Derivation().Path() {
		t.Error("the derivations are one, and say two URLs")
	}
	other := r
	other.Links = []Link{{"bin/nodejs", "node"}}
	if r.Out() == other.Out() {
		t.Error("another link gives the same path")
	}
}

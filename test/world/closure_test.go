package world

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAClosureDoesNotDependOnWhereItLies(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"usr/share/tool/run.jar": "PK\x00/usr/share/tool",
		"usr/bin/perl":           "",
		"lib/tool.conf":          "",
		"usr/bin/tool": "#!/usr/bin/perl\n. /etc/tool.conf\ncp=/usr/share/tool/*.jar:/usr/share/tool/run.jar.\n" +
			"PATH=/usr/bin:/usr/local/bin ${prefix}/usr/share/tool /usr/share/other/x /usr/bin/$1 /bin/sh\n",
		"etc/tool.conf":       "nothing",
		"usr/share/doc/tool":  "/usr/share/tool",
		"etc/alternatives/jx": "",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/tool.conf", filepath.Join(root, "usr/share/tool/conf")); err != nil {
		t.Fatal(err)
	}
	if err := tidyClosure(root); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"usr/bin/tool": "#!@tree@/usr/bin/perl\n. @tree@/etc/tool.conf\ncp=@tree@/usr/share/tool/*.jar:@tree@/usr/share/tool/run.jar.\n" +
			"PATH=/usr/bin:/usr/local/bin ${prefix}/usr/share/tool /usr/share/other/x /usr/bin/$1 /bin/sh\n",
		"usr/share/tool/run.jar": "PK\x00/usr/share/tool",
		"usr/share/tool/conf":    "nothing",
		"usr/lib/tool.conf":      "",
		"usr/share/doc/tool":     "absent",
		"texts":                  "usr/bin/tool\n",
		"programs":               "",
	}
	got := map[string]string{}
	for name := range want {
		text, err := os.ReadFile(filepath.Join(root, name))
		got[name] = string(text)
		if os.IsNotExist(err) {
			got[name] = "absent"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files of the closure (-want +got):\n%s", diff)
	}
	if link, err := os.Readlink(filepath.Join(root, "usr/share/tool/conf")); err != nil || link != "../../../etc/tool.conf" {
		t.Errorf("the link leads to %q, %v", link, err)
	}
}

// Programs find a library that Debian's alternatives would link, and no other link is made.
func TestAClosureHasTheLibrariesOfAlternatives(t *testing.T) {
	root := t.TempDir()
	const libraries = "usr/lib/x86_64-linux-gnu"
	program, err := os.ReadFile("/bin/ls")
	if err != nil {
		t.Fatal(err)
	}
	names := needed("/bin/ls")
	if len(names) < 2 {
		t.Fatalf("ls needs %q", names)
	}
	for name, text := range map[string]string{
		"usr/bin/ls":                           string(program),
		libraries + "/own/" + names[0]:         "in a directory of its own",
		libraries + "/own/libnobodyneeds.so.1": "",
		libraries + "/" + names[1]:             "in its place",
		libraries + "/own/" + names[1]:         "another one",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := linkAlternatives(root); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{names[0]: "in a directory of its own", names[1]: "in its place", "libnobodyneeds.so.1": ""} {
		if text, _ := os.ReadFile(filepath.Join(root, libraries, name)); string(text) != want {
			t.Errorf("%s is %q, not %q", name, text, want)
		}
	}
}

package sbom

import (
	"fmt"
	"strings"
	"testing"
)

func TestReplacedContentIsSeen(t *testing.T) {
	npm := func(sum string) string {
		return `{"packages": {"": {}, "node_modules/left": {"version": "2.0.0", "integrity": "sha512-l"}, "node_modules/pad": {"version": "1.0.0", "integrity": "` + sum + `"}}}`
	}
	for _, tt := range []struct{ name, file, base, head, want string }{
		{"the same", "package-lock.json", npm("sha512-aaaa"), npm("sha512-aaaa"), ""},
		{"another", "package-lock.json", npm("sha512-aaaa"), npm("sha512-bbbb"), "pad 1.0.0 package-lock.json"},
		{"none any more", "package-lock.json", npm("sha512-aaaa"), npm(""), "pad 1.0.0 package-lock.json"},
		{"a weaker one", "package-lock.json", npm("sha512-aaaa"), npm("sha1-b"), "pad 1.0.0 package-lock.json"},
		{"a stronger one", "package-lock.json", npm("sha1-a"), npm("sha512-bbbb"), ""},
		{"one of two", "package-lock.json", npm("sha512-aaaa sha512-bbbb"), npm("sha512-bbbb"), ""},
		{"none before", "package-lock.json", npm(""), npm("sha512-bbbb"), ""},
		{"another version", "package-lock.json", npm("sha512-aaaa"), strings.ReplaceAll(npm("sha512-bbbb"), "1.0.0", "1.0.1"), ""},
		{"npm 1", "package-lock.json", `{"dependencies": {"pad": {"version": "1.0.0", "integrity": "sha1-a"}}}`, `{"dependencies": {"pad": {"version": "1.0.0", "integrity": "sha1-b"}}}`, "pad 1.0.0 package-lock.json"},
		{"a broken one", "package-lock.json", npm("sha512-aaaa"), "{", ""},
		{"yarn", "yarn.lock", "pad@^1.0.0:\n  version \"1.0.0\"\n  integrity sha512-aaaa\n", "pad@^1.0.0:\n  version \"1.0.0\"\n  integrity sha512-bbbb\n", "pad 1.0.0 yarn.lock"},
		{"yarn 4", "yarn.lock", "\"pad@npm:^1.0.0\":\n  version: 1.0.0\n  checksum: 10/aa\n", "\"pad@npm:^1.0.0\":\n  version: 1.0.0\n  checksum: 10/bb\n", "pad 1.0.0 yarn.lock"},
		{"pnpm", "pnpm-lock.yaml", "packages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-aaaa}\n", "packages:\n  pad@1.0.0:\n    resolution: {integrity: sha512-bbbb}\n", "pad 1.0.0 pnpm-lock.yaml"},
		{"bun", "bun.lock", `{"packages": {"pad": ["pad@1.0.0", "", {}, "sha512-aaaa"]}}`, `{"packages": {"pad": ["pad@1.0.0", "", {}, "sha512-bbbb"]}}`, "pad 1.0.0 bun.lock"},
		{"Cargo", "Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\nchecksum = \"aa\"\n",
			"[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\nchecksum = \"bb\"\n", "a 1.0.0 Cargo.lock"},
	} {
		side := func(text string) Side { return Side{Tree: tree(t, map[string]string{tt.file: text})} }
		var got []string
		for _, r := range Replaced(side(tt.base), side(tt.head)) {
			got = append(got, fmt.Sprint(r.Name, " ", r.Version, " ", r.File))
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

package catalogue

import "testing"

func TestAddresses(t *testing.T) {
	r := Registries{"npm": "https://npm.example/", "pypi": "https://files.example", "gomod": "http://127.0.0.1:8080/goproxy"}
	for reference, want := range map[string]string{
		"https://h.example/a.tar.gz":                      "https://h.example/a.tar.gz",
		"npm:pnpm@10.34.5":                                "https://npm.example/pnpm/-/pnpm-10.34.5.tgz",
		"npm:@yarnpkg/cli-dist@4.9.2":                     "https://npm.example/@yarnpkg/cli-dist/-/cli-dist-4.9.2.tgz",
		"pypi:uv@0.12.17#uv-0.12.17.tar.gz":               "https://files.example/packages/source/u/uv/uv-0.12.17.tar.gz",
		"pypi:poetry@2.4.3#poetry-2.4.3-py3-none-any.whl": "https://files.example/packages/py3/p/poetry/poetry-2.4.3-py3-none-any.whl",
		"gomod:github.com/BurntSushi/toml@v1.5.0":         "http://127.0.0.1:8080/goproxy/github.com/!burnt!sushi/toml/@v/v1.5.0.zip",
	} {
		if got, err := r.Address(reference); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", reference, got, err, want)
		}
	}
	for reference, want := range map[string]string{
		"npm:../x@1.0.0":          `address "npm:../x@1.0.0": it is not npm:NAME@VERSION`,
		"npm:x":                   `address "npm:x": it is not npm:NAME@VERSION`,
		"pypi:x@1.0":              `address "pypi:x@1.0": it is not pypi:NAME@VERSION#FILE`,
		"pypi:x@1.0#../../y":      `address "pypi:x@1.0#../../y": it is not pypi:NAME@VERSION#FILE`,
		"gomod:github.com/x/y":    `address "gomod:github.com/x/y": it is not gomod:PATH@VERSION`,
		"gomod:../x@v1.0.0":       `address "gomod:../x@v1.0.0": it is not gomod:PATH@VERSION`,
		"ftp://h.example/x":       `address "ftp://h.example/x": the scheme is none of http, https, npm, pypi and gomod`,
		"https://a:b@h.example/x": `an address must not hold a login`,
		"https://h.example/a b":   `address "https://h.example/a b": it has a character that has to be escaped`,
		"https:///x":              `address "https:///x": it is not a URL of http or https`,
		"/etc/passwd":             `address "/etc/passwd": the scheme is none of http, https, npm, pypi and gomod`,
	} {
		if got, err := r.Address(reference); err == nil || err.Error() != want {
			t.Errorf("%s: %s, %v; want %s", reference, got, err, want)
		}
	}
	if _, err := (Registries{}).Address("npm:pnpm@10.34.5"); err == nil || err.Error() != `address "npm:pnpm@10.34.5": there is no registry of npm` {
		t.Error(err)
	}
}

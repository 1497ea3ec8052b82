package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectStaticfile(t *testing.T) {
	testDetect(t, staticfileProvider, []detection{
		{repo{"Staticfile": ""}, "Staticfile"},
		{repo{"public/": ""}, "public/"},
		{repo{"dist/a.js": ""}, "dist/"},
		{repo{"index/": ""}, "index/"},
		{repo{"index.html": ""}, "index.html"},
		{repo{"Staticfile": "", "index.html": ""}, "Staticfile"},
		{repo{"site/index.html": ""}, ""},
		{repo{"public": "a file"}, ""},
	})
}

func TestStaticfilePlan(t *testing.T) {
	out := mustPlan(t, staticfileProvider, appOf(t, repo{"index.html": ""}, nil))
	conf := out.Plan.StaticAssets["nginx.conf"]
	want := Output{Plan: plan.Plan{
		StaticAssets: map[string]string{"nginx.conf": conf},
		Phases: map[string]plan.Phase{"setup": {
			NixPkgs:     []string{"nginx"},
			NixOverlays: []string{},
			Cmds:        []string{"mkdir /etc/nginx/ /var/log/nginx/ /var/cache/nginx/"},
		}},
		Start: &plan.Start{Cmd: new(`[[ -z "${PORT}" ]] && echo "Environment variable PORT not found. Using PORT 80" || sed -i "s/0.0.0.0:80/$PORT/g" /assets/nginx.conf && nginx -c /assets/nginx.conf`)},
	}, Reasons: []Reason{
		{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "nginx serves the files"},
		{Fact: plan.Fact{Phase: "start", Field: "cmd"}, Why: "nginx serves the files"},
		{Fact: plan.Fact{Field: "asset nginx.conf"}, Why: "no folder is asked for, so that the whole app is served"},
	}}
	diffOf(t, "output", want, out)
}

func TestStaticfileReasons(t *testing.T) {
	for _, tt := range []struct {
		files repo
		vars  plan.Vars
		want  cause
	}{
		{repo{"Staticfile": "gzip: off\nroot: a\n"}, plan.Vars{"NIXPACKS_STATICFILE_ROOT": "b"}, byDefault(`the variable NIXPACKS_STATICFILE_ROOT is "b"`)},
		{repo{"Staticfile": "gzip: off\nroot: a\n"}, nil, cause{"Staticfile", 2, `root is "a"`}},
		{repo{"public/": ""}, nil, byFile("public", "the app has this folder")},
	} {
		out := mustPlan(t, staticfileProvider, appOf(t, tt.files, tt.vars))
		diffOf(t, tt.want.why, tt.want.decided("", "asset nginx.conf", ""), out.Reasons[2])
	}
	out := mustPlan(t, staticfileProvider, appOf(t, repo{"Staticfile.auth": "a:b"}, nil))
	diffOf(t, "password", byFile("Staticfile.auth", "the app has one").decided("", "asset .htpasswd", ""), out.Reasons[3])
}

// The check sums are those of Nixpacks (nixpacks-1.39.md A.4, and its own example for the last).
func TestNginxConfEqualsThatOfNixpacks(t *testing.T) {
	for _, tt := range []struct {
		name, sum string
		files     repo
	}{
		{
			"only index.html", "b28376259d08ffc17a2b23ae0037f539b554362eef7fb4a73b0207a36a3b2feb",
			repo{"index.html": ""},
		},
		{
			"public", "102489dba9c755654ac3a89f9af84c54dd4ad685d9c44d909bda1d1047125f28",
			repo{"index.html": "", "public/": ""},
		},
		{
			"public and a password", "8a9538a6a9c77a703419a677e805d10a236629dc62c8ba0acf8c050e6f6ba870",
			repo{"index.html": "", "public/": "", "Staticfile.auth": "user:hash"},
		},
		{
			"public and an error page", "f49022cd1b02c0bd4871f0e2b816ea2bdd59bd4edba675317e52ec27d8c6b1ad",
			repo{"public/": "", "Staticfile": "status_code:\n  404: /404.html\n"},
		},
		{
			"a root and a password", "c0727a3aa49c84e17e5b6a44acbb147da2f86fae3532a8247dcf266696455c68",
			repo{"Staticfile": "root: site", "Staticfile.auth": "user:hash"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conf := mustPlan(t, staticfileProvider, appOf(t, tt.files, nil)).Plan.StaticAssets["nginx.conf"]
			sum := sha256.Sum256([]byte(conf))
			if got := hex.EncodeToString(sum[:]); got != tt.sum {
				t.Errorf("sum %s, want %s, of\n%s", got, tt.sum, conf)
			}
		})
	}
}

func TestStaticfileAssets(t *testing.T) {
	out := mustPlan(t, staticfileProvider, appOf(t, repo{
		"index.html": "", "mime.types": "types {}\r\n", "Staticfile.auth": "user:hash\n",
	}, nil))
	assets := out.Plan.StaticAssets
	diffOf(t, "mime.types", "types {}\n", assets["mime.types"])
	diffOf(t, ".htpasswd", "user:hash\n", assets[".htpasswd"])
	if !strings.Contains(assets["nginx.conf"], "    include\tmime.types;\n") {
		t.Errorf("nginx.conf does not include the app's own types:\n%s", assets["nginx.conf"])
	}
}

func TestStaticfileSettings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  []string // lines of nginx.conf
	}{
		{"all of them", repo{"Staticfile": "root: a/b\ndirectory: on\ngzip: off\n"}, nil,
			[]string{"root\t  /app/a/b;", "autoindex on;", "gzip  \t  off;"}},
		{"plain scalars are text", repo{"Staticfile": "root: 1\ndirectory: true\nunknown: [1]\n"}, nil,
			[]string{"root\t  /app/1;", "autoindex true;"}},
		{"null is absent", repo{"Staticfile": "root: null\ngzip: ~\n", "dist/": ""}, nil,
			[]string{"root\t  /app/dist;", "gzip  \t  on;"}},
		{"an empty root is the app", repo{"Staticfile": "root: ''\n", "dist/": ""}, nil, []string{"root\t  /app/;"}},
		{"the variable beats the file", repo{"Staticfile": "root: a\n"}, plan.Vars{"NIXPACKS_STATICFILE_ROOT": "b"},
			[]string{"root\t  /app/b;"}},
		{"public beats dist and index", repo{"public/": "", "dist/": "", "index/": ""}, nil, []string{"root\t  /app/public;"}},
		{"dist beats index", repo{"dist/": "", "index/": ""}, nil, []string{"root\t  /app/dist;"}},
		{"status codes are sorted as numbers", repo{"Staticfile": "status_code:\n  1000: /k\n  404: /n\n  50: /h\n"}, nil,
			[]string{"\terror_page 50 /h;\n\terror_page 404 /n;\n\terror_page 1000 /k;\n\n    }"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, staticfileProvider, appOf(t, tt.files, tt.vars))
			conf := out.Plan.StaticAssets["nginx.conf"]
			for _, want := range tt.want {
				if !strings.Contains(conf, want) {
					t.Errorf("nginx.conf lacks %q:\n%s", want, conf)
				}
			}
			if out.Warnings != nil {
				t.Errorf("warnings %v, want none", out.Warnings)
			}
		})
	}
}

func TestAStaticfileThatCannotBeReadDoesNotCount(t *testing.T) {
	want := mustPlan(t, staticfileProvider, appOf(t, repo{"public/": ""}, nil))
	for _, text := range []string{"", "root: [a]", "root: a\nroot: b", "status_code:\n  x: /y", "a: 1\n---\nb: 2", ": :", "\xff", "just words"} {
		out := mustPlan(t, staticfileProvider, appOf(t, repo{"Staticfile": text, "public/": ""}, nil))
		diffOf(t, "plan of "+text, want.Plan, out.Plan)
		if len(out.Warnings) != 1 || !strings.HasPrefix(out.Warnings[0], "Staticfile does not count: ") {
			t.Errorf("%q: warnings %q, want one about Staticfile", text, out.Warnings)
		}
	}
}

func TestStaticfileRefusesValuesThatEndADirective(t *testing.T) {
	const tail = ` has a line break or one of ";{}"; nginx takes a plain value there`
	for _, tt := range []struct {
		files repo
		vars  plan.Vars
		want  string
	}{
		{repo{"Staticfile": `root: "a; include /etc/passwd"`}, nil, "reading Staticfile: root" + tail},
		{repo{"Staticfile": `directory: "on;"`}, nil, "reading Staticfile: directory" + tail},
		{repo{"Staticfile": `gzip: "on }"`}, nil, "reading Staticfile: gzip" + tail},
		{repo{"Staticfile": `gzip: "{"`}, nil, "reading Staticfile: gzip" + tail},
		{repo{"Staticfile": "gzip: |\n  on\n"}, nil, "reading Staticfile: gzip" + tail},
		{repo{"Staticfile": "status_code:\n  500: \"/x\\r\"\n  404: \"/y;\"\n"}, nil, "reading Staticfile: status_code 404" + tail},
		{repo{"Staticfile": ""}, plan.Vars{"NIXPACKS_STATICFILE_ROOT": "a;b"}, "reading the variable: NIXPACKS_STATICFILE_ROOT" + tail},
	} {
		_, err := staticfileProvider.Plan(appOf(t, tt.files, tt.vars))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%v: got error %v\nwant %s", tt.files, err, tt.want)
		}
	}
}

func TestStaticfileAssetsMustBeText(t *testing.T) {
	for _, name := range []string{"mime.types", "Staticfile.auth"} {
		_, err := staticfileProvider.Plan(appOf(t, repo{"index.html": "", name: "\xff"}, nil))
		wantSourceError(t, err, name)
	}
}

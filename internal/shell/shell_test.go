package shell

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"node dist/main.js":                    {"node", "dist/main.js"},
		"  node  'a b' \"c d\" e'f'\"g\"":      {"node", "a b", "c d", "efg"},
		"exec gunicorn app:app":                {"gunicorn", "app:app"},
		"./out --flag=x,y":                     {"./out", "--flag=x,y"},
		"caddy run --config /assets/Caddyfile": {"caddy", "run", "--config", "/assets/Caddyfile"},
		"node server.js # a comment":           {"node", "server.js"},
		"python -c 'a; b && c'":                {"python", "-c", "a; b && c"},
		"echo a=b":                             {"echo", "a=b"},
		"":                                     nil,
		"# nothing":                            nil,
		"A=1 node x":                           nil,
		"node $FILE":                           nil,
		"node \"$FILE\"":                       nil,
		"node ${FILE:-x}":                      nil,
		"node `which x`":                       nil,
		"node $(which x)":                      nil,
		"node *.js":                            nil,
		"node ~/x":                             nil,
		"node {a,b}.js":                        nil,
		`node a\ b`:                            nil,
		"node x > log":                         nil,
		"node x &":                             nil,
		"! node x":                             nil,
		"a && b":                               nil,
		"a; b":                                 nil,
		"a | b":                                nil,
		"cd x":                                 nil,
		"cat <<EOF\nx\nEOF":                    nil,
		"./start.sh":                           nil, // may lack the line that names an interpreter
		"for i in a; do node $i; done":         nil,
		"node $'a'":                            nil,
		"node 'unclosed":                       nil,
		"exec -a name node":                    nil,
		"exec":                                 nil,
	} {
		got, ok := Words(line)
		if ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, %v; want %q", line, got, ok, want)
		}
	}
}

func TestExec(t *testing.T) {
	for line, want := range map[string]string{
		"gunicorn --bind 0.0.0.0:${PORT:-8000} a:b":   "exec gunicorn --bind 0.0.0.0:${PORT:-8000} a:b",
		"python manage.py migrate && gunicorn config": "python manage.py migrate && exec gunicorn config",
		"a && b && c":                       "a && b && exec c",
		"a; b":                              "a; exec b",
		"a || b; c > log":                   "a || b; exec c > log",
		"A=1 B=$C node x":                   "A=1 B=$C exec node x",
		"exec node x":                       "exec node x",
		"cd api && ./start.sh":              "cd api && exec ./start.sh",
		"$PROGRAM --serve":                  "exec $PROGRAM --serve",
		"mkdir -p /x &&\nphp-fpm -F":        "mkdir -p /x &&\nexec php-fpm -F",
		"cat <<EOF > conf && nginx\nx\nEOF": "cat <<EOF > conf && exec nginx\nx\nEOF",
		"node x # and && a comment":         "exec node x # and && a comment",
		"é && node 'ö'":                     "é && exec node 'ö'",
		"a | b":                             "",
		"a || b":                            "",
		"a & b &":                           "",
		"a &":                               "",
		"(a; b)":                            "",
		"a && cd b":                         "",
		"if a; then b; fi":                  "",
		"! a":                               "",
		"A=1":                               "",
		"":                                  "",
		"'unclosed":                         "",
		"node server.js & nginx -g 'daemon off;' & wait": "",
	} {
		got, ok := Exec(line)
		switch {
		case want == "" && (ok || got != line):
			t.Errorf("Exec(%q) = %q, %v; want no change", line, got, ok)
		case want != "" && (got != want || !ok):
			t.Errorf("Exec(%q) = %q, %v; want %q", line, got, ok, want)
		}
	}
}

func TestProgramsAreAllThatALineStarts(t *testing.T) {
	for line, want := range map[string][]string{
		"curl -f localhost || exit 1":     {"curl"},
		"test -e x && (A=1 node y | cat)": {"test", "node", "cat"},
		"if $X; then wget y; fi; cd z":    {"wget"},
		"x $(curl y)":                     {"x", "curl"},
		"'unclosed":                       nil,
		"":                                nil,
	} {
		if got := Programs(line); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestAloneIsAPathAndNothingElse(t *testing.T) {
	for line, want := range map[string]string{
		"./out":      "./out",
		"'bin/a b'":  "bin/a b",
		"out":        "",
		"./out work": "",
		"./out | x":  "",
		"./run.sh":   "",
		"":           "",
	} {
		if got := Alone(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestProgramIsTheOneThatALineStarts(t *testing.T) {
	for line, want := range map[string]string{
		"gunicorn app:app":                    "gunicorn",
		`npx-static . --port "${PORT:-8080}"`: "npx-static",
		"DEBUG=1 ./out serve":                 "./out",
		"migrate && gunicorn app:app":         "",
		"a; b":                                "",
		"a | b":                               "",
		"a &":                                 "",
		"a > log":                             "",
		"$PROGRAM x":                          "",
		"cd x":                                "",
		"":                                    "",
		"'":                                   "",
		"(a)":                                 "",
		"./start.sh":                          "",
	} {
		if got := Program(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

package providers

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestPythonStatements(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a = 1; b(x)\n", "1.0: a = 1|1.0: b ( x )"},
		{"a = [\n  1, # one\n  'x\\'y',\n]\nb\n", "1.0: a = [ 1 , 'x\\'y' , ]|5.0: b"},
		{"a = \\\n  b\nc\n", "1.0: a = b|3.0: c"},
		{"x = rb'''a\n'b' ''' \"c\"\n\ty\n", "1.0: x = 'a\n'b' ' 'c'|3.8: y"},
		{"if a: # b\r\n  c\r\n", "1.0: if a :|2.2: c"},
		{"a = 'open\nb = 1\n", "1.0: a = 'open'|2.0: b = 1"},
		{"a == b >= c\n", "1.0: a == b >= c"},
		{"\ufeffé = 1.5\n)\n(", "1.0: é = 1 . 5|2.0: )|3.0: ("},
		{"\"\"\"open", "1.0: 'open'"},
		{"", ""},
	} {
		var list []string
		for _, s := range pyStatements(tt.text) {
			var words []string
			for _, token := range s.tokens {
				if token.kind == pyText {
					token.text = "'" + token.text + "'"
				}
				words = append(words, token.text)
			}
			list = append(list, strconv.Itoa(s.line)+"."+strconv.Itoa(s.indent)+": "+strings.Join(words, " "))
		}
		if got := strings.Join(list, "|"); got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

func TestPythonModule(t *testing.T) {
	m := readPyModule(`
from a.b import (C as D, E,  # comment
    F)
from . import g
import h.i, j as k
from l import *
x: D = D(name="app = Flask()")
y, z = E(), 1
try:
    w = k.make(1, host="h")
except ImportError:
    w = None
class Q:
    inner = D()
    def f(self): later()
def top(a, /, b=1, *args, c, **kw) -> None:
    v = D(a)
    def nested():
        hidden()
    @decorator()
    def other(): return 1
    return v
if __name__ == "__main__": x.run("0.0.0.0", port=1)
`)
	for name, want := range map[string]string{"D": "a.b.C", "E": "a.b.E", "F": "a.b.F", "g": ".g", "h": "h", "k": "j"} {
		if m.imports[name] != want {
			t.Errorf("%s is %q, want %q", name, m.imports[name], want)
		}
	}
	diffOf(t, "stars", []string{"l"}, m.stars)
	diffOf(t, "names", []string{"x", "y", "w"}, m.order)
	diffOf(t, "x", "D", m.values["x"].call)
	var calls []string
	for _, c := range m.calls {
		calls = append(calls, c.name)
	}
	diffOf(t, "calls", []string{"D", "E", "k.make", "x.run"}, calls)
	run := m.calls[3]
	if run.args[0].value.text != "0.0.0.0" || run.args[1].name != "port" || run.line != 23 {
		t.Errorf("run is %+v", run)
	}
	top := m.functions["top"]
	diffOf(t, "needs", []string{"a", "c"}, top.needs)
	if top.result.name != "v" || top.values["v"].call != "D" || len(top.calls) != 1 {
		t.Errorf("top is %+v", top)
	}
}

func TestPythonOfNothingButBracketsTakesNoTime(t *testing.T) {
	for _, unit := range []string{"f(", "a=b.c()\n", "[", "def f():\n", "(\"\"\"", " if x:\n", "a=", "x,", "f();", "\\\n", "from . import a\n"} {
		text := strings.Repeat(unit, pythonFileBytes/len(unit))
		start := time.Now()
		app := appOf(t, repo{"main.py": text, "requirements.txt": "flask"}, nil)
		if _, err := guessPythonStart(app, pythonTraits{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q takes %v", unit, took)
		}
	}
}

func FuzzPythonModule(f *testing.F) {
	for _, s := range []string{
		fastAPI, flask, factory, "from fasthtml.common import *\napp, rt = fast_app()\nserve()\n", "if __name__ == '__main__': app.run()\n",
		"from app import app\nfrom main import app as b\n", "app = a\na = app\n", "async def f(: return", "with x() as", "import\nfrom\nclass\ndef\nasync\n@\n=\n", "x = 'a\\", "uvicorn.run('a:b')",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, main, other string) {
		lines := 1 + strings.Count(main, "\n")
		for _, s := range pyStatements(main) {
			if len(s.tokens) == 0 || s.line < 1 || s.line > lines {
				t.Errorf("statement %+v", s)
			}
			for _, token := range s.tokens {
				if !strings.Contains(main, token.text) {
					t.Errorf("%q is not in the text", token.text)
				}
			}
		}
		files := repo{"main.py": main, "app/__init__.py": other, "src/app.py": main, "requirements.txt": "flask\nfastapi\nuvicorn\ngradio\nstreamlit\n"}
		for _, files := range []repo{files, over(files, repo{"manage.py": "django.core.management"})} {
			first, err := guessPythonStart(appOf(t, files, nil), pythonTraits{})
			if err != nil {
				t.Fatal(err)
			}
			if (first.cmd == "") == (first.none == "") {
				t.Errorf("start %q and none %q", first.cmd, first.none)
			}
			again, _ := guessPythonStart(appOf(t, files, nil), pythonTraits{})
			diffOf(t, "again", first.cmd+first.none, again.cmd+again.none)
		}
	})
}

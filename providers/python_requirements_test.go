package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestRequirementLines(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []requirementLine
	}{
		{"nothing", "", nil},
		{"blank lines and comments", "\n# a\n  # b\n\t\n", nil},
		{"one", "flask", []requirementLine{{1, "flask"}}},
		{"a comment after it", "\nflask  # the server\n", []requirementLine{{2, "flask"}}},
		{"a fragment is no comment", "x @ https://a.example/x#egg=x\n", []requirementLine{{1, "x @ https://a.example/x#egg=x"}}},
		{"continued", "flask \\\n  --hash=sha256:a \\\n  --hash=sha256:b\nb", []requirementLine{
			{1, "flask   --hash=sha256:a   --hash=sha256:b"}, {4, "b"},
		}},
		{"a comment ends a continuation", "flask \\\n# not \\\n-r x\n", []requirementLine{{1, "flask"}, {3, "-r x"}}},
		{"a continuation at the end", "flask \\", []requirementLine{{1, "flask"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := requirementLines(tt.text)
			if !ok {
				t.Error("not ok")
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestRequirementsThatReadNothingElse(t *testing.T) {
	vars := plan.Vars{"HOST": "a.example", "INDEX": "https://a.example/simple"}
	for _, line := range []string{
		"flask",
		"Flask==3.0.*",
		"flask >= 2, < 4",
		"flask (>=2.0)",
		"uvicorn[standard]~=0.30",
		"uvicorn [standard, x] != 1",
		"torch==2.0.1+cu118",
		"x===1!2.0-post1",
		`tomli; python_version < "3.11"`,
		"a.b-c_d",
		"flask==3 --hash=sha256:0123 --hash sha256:4567",
		"x @ https://a.example/x-1.0.tar.gz",
		"x[y]@git+https://a.example/x.git@v1#egg=x",
		"x @ git+ssh://git@a.example/x.git ; python_version > '3'",
		"https://a.example/x-1.0-py3-none-any.whl",
		"git+https://${TOKEN}@a.example/x.git#egg=x",
		"x @ https://${HOST}/x.whl",
		"--index-url https://a.example/simple",
		"--index-url=${INDEX}",
		"-i ${SECRET_INDEX}",
		"-ihttps://a.example/simple",
		"--extra-index-url https://${USER}:${PASSWORD}@a.example/simple",
		"--find-links https://a.example/wheels",
		"-f https://a.example/wheels",
		"--pre",
		"--no-index",
		"--prefer-binary",
		"--require-hashes",
		"--no-binary :all:",
		"--only-binary=x",
		"--trusted-host a.example",
		"--use-feature=fast-deps",
		"-r https://a.example/more.txt",
	} {
		files, blocker := requirementsInstall(appOf(t, repo{"requirements.txt": line}, vars), "")
		if blocker != "" || !slices.Equal(files, []string{"requirements.txt"}) {
			t.Errorf("%q: files %v, blocker %q; want requirements.txt only", line, files, blocker)
		}
	}
}

func TestRequirementsThatBlock(t *testing.T) {
	vars := plan.Vars{"LOCAL": "./lib", "EVIL": "x\n-e ."}
	const (
		editable = "installs from a path (-e)"
		local    = "may install from a path"
		option   = "has an option that may read files"
		outside  = "includes a file that is not in the app"
	)
	for _, tt := range []struct{ line, want string }{
		{"-e .", editable},
		{"-e.", editable},
		{"-e git+https://a.example/x.git#egg=x", editable},
		{"--editable=./x", "installs from a path (--editable)"},
		{".", local},
		{"./x", local},
		{".[dev]", local},
		{"../x", local},
		{"/src/x", local},
		{"lib/x", local},
		{"x @ file:///app/x", local},
		{"x @ ./x", local},
		{"x@./x", local},
		{"file:x.whl", local},
		{"FILE:///x", local},
		{"git+file:///app/x", local},
		{"x.whl", local},
		{"wheels-1.0.tar.gz", local},
		{"x-1.0.zip[extra]", local},
		{"x.tgz ; python_version > '3'", local},
		{"${LOCAL}", local},
		{"${UNKNOWN}", local},
		{"x @ ${UNKNOWN}", local},
		{"${EVIL}", editable},
		{`flask \x`, local},
		{"flask -e .", editable},
		{"--find-links ./wheels", "looks for packages in a path (--find-links)"},
		{"-f wheels", "looks for packages in a path (-f)"},
		{"--find-links=file:///w", "looks for packages in a path (--find-links)"},
		{"--index-url ./mirror", "looks for packages in a path (--index-url)"},
		{"-i", "looks for packages in a path (-i)"},
		{"--global-option=x", option},
		{"--config-settings a=b", option},
		{"--req x.txt", option},
		{"-x", option},
		{"-", option},
		{`--"editable" x`, option},
		{`-r "a b.txt"`, "has a quoted option"},
		{"-r ${NAME}.txt", "includes a file that a variable names"},
		{"-r file:///x.txt", "includes a file by an address"},
		{"-r ../x.txt", outside},
		{"-c a/../../x.txt", outside},
		{"-r /app/ok.txt", outside},
		{"-r missing.txt", outside},
		{"-r folder", outside},
		{"-r", outside},
		{"--constraint=", outside},
	} {
		app := appOf(t, repo{"requirements.txt": "flask\n" + tt.line, "ok.txt": "", "folder/x": ""}, vars)
		files, blocker := requirementsInstall(app, "")
		if want := "requirements.txt line 2 " + tt.want; blocker != want || files != nil {
			t.Errorf("%q: files %v, blocker %q; want %q", tt.line, files, blocker, want)
		}
	}
}

func TestABlockerDoesNotTellSecrets(t *testing.T) {
	vars := plan.Vars{"INDEX": "hunter2"}
	for _, line := range []string{"--index-url ${INDEX}", "${INDEX}/x", "-r ${INDEX}", "x @ ${INDEX}", "--global-option=${INDEX}", "${INDEX} -e"} {
		_, blocker := requirementsInstall(appOf(t, repo{"requirements.txt": line}, vars), "")
		if blocker == "" || strings.Contains(blocker, "hunter2") {
			t.Errorf("%q: blocker %q", line, blocker)
		}
	}
}

func TestRequirementsIncludeEachOther(t *testing.T) {
	app := appOf(t, repo{
		"requirements.txt": "\ufeff-r deps/base.txt\n-c constraints.txt\n--requirement=./deps/../constraints.txt\n-rrequirements.txt\n",
		"deps/base.txt":    "flask\n-r more.txt\n-r base.txt\n-c ../constraints.txt",
		"deps/more.txt":    "--constraint ../constraints.txt",
		"constraints.txt":  "flask<4",
		"unused.txt":       "-e .",
	}, nil)
	files, blocker, err := pythonInstallFiles(app)
	if err != nil || blocker != "" {
		t.Fatalf("blocker %q, error %v", blocker, err)
	}
	diffOf(t, "files", []string{"constraints.txt", "deps/base.txt", "deps/more.txt", "requirements.txt"}, files)
}

func TestABlockerNamesTheIncludedFile(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a\n\n-e .", "deps/base.txt line 3 installs from a path (-e)"},
		{"-r ../../x.txt", "deps/base.txt line 1 includes a file that is not in the app"},
		{"a\rb", "deps/base.txt has unusual line breaks"},
		{"a\u2028b", "deps/base.txt has unusual line breaks"},
		{"\xff\xfe", "deps/base.txt line 1 is not understood"},
	} {
		_, blocker := requirementsInstall(appOf(t, repo{"requirements.txt": "-r deps/base.txt", "deps/base.txt": tt.text}, nil), "")
		if blocker != tt.want {
			t.Errorf("%q: blocker %q, want %q", tt.text, blocker, tt.want)
		}
	}
}

func FuzzRequirements(f *testing.F) {
	for _, s := range []string{
		"", "flask==1 --hash=sha256:a\n", "-r a.txt\n-c b.txt", "-e .", "a \\\n # b\nc", "${X}\n-i ${Y}", "x @ file:y", "--\n-\n-r", "\\\n\\\n\\",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, _ := requirementLines(text)
		last := 0
		for _, l := range lines {
			if l.number <= last || l.number > 1+strings.Count(text, "\n") || strings.TrimSpace(l.text) == "" {
				t.Errorf("line %+v after line %d of %q", l, last, text)
			}
			last = l.number
		}
		app := appOf(t, repo{"requirements.txt": text, "a.txt": text, "b.txt": ""}, plan.Vars{"X": text})
		files, blocker := requirementsInstall(app, "")
		if (blocker == "") == (files == nil) {
			t.Errorf("%q: files %v and blocker %q", text, files, blocker)
		}
		for _, name := range files {
			if name != path.Clean(name) || !app.Tree.HasFile(name) {
				t.Error(fmt.Errorf("%q: %q is not a file of the app", text, name))
			}
		}
	})
}

// PowerShell writes what pip freeze prints in UTF-16, and pip reads it.
func TestRequirementsInUTF16(t *testing.T) {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, c := range "Flask==3.0.0\r\ngunicorn\r\nlxml==4.9.3\r\n" {
		b.WriteString(string(c) + "\x00")
	}
	files := repo{"requirements.txt": b.String(), "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
	out := mustPlan(t, pythonProvider, newest(t, files, nil))
	if cmd, _, _ := guessOf(t, files); !strings.HasPrefix(cmd, "gunicorn ") {
		t.Errorf("start %q", cmd)
	}
	if !strings.Contains(strings.Join(out.Chosen, " "), "python@3.12") {
		t.Errorf("chosen: %v", out.Chosen)
	}
	diffOf(t, "warnings", []string{"requirements.txt line 2 leaves the version of gunicorn open, so each build may install another; write gunicorn==VERSION"}, out.Warnings)
	if files, blocker, err := pythonProvider.InstallFiles(newest(t, files, nil)); err != nil || blocker != "" || !slices.Equal(files, []string{"requirements.txt"}) {
		t.Errorf("install files %v, %q, %v", files, blocker, err)
	}
	if _, err := pythonProvider.Plan(appOf(t, files, nil)); err == nil || !strings.Contains(err.Error(), "reading requirements.txt:1: the file is not UTF-8") {
		t.Errorf("edition 1.39: %v", err)
	}
}

package secret

import (
	"strings"
	"testing"
)

func TestAVeilHidesVariablesThatLookLikeSecrets(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"DB_PASSWORD", "postgres", Mark},
		{"STRIPE_KEY", "x", Mark},
		{"PLAIN", "ghp_0123456789abcdefghij", Mark},
		{"PLAIN", "see ghp_0123456789abcdefghij there", "see " + Mark + " there"},
		{"DATABASE_URL", "postgres://ann:hunter22@db.example:5432/shop", "postgres://ann:***@db.example:5432/shop"},
		{"DATABASE_PASSWORD", "postgres://ann:hunter22@db.example/shop", Mark},
		{"KEY", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", Mark},
		{"NODE_ENV", "production", "production"},
		{"USE_TOKEN", "true", "true"},
		{"EMPTY_TOKEN", "", ""},
		{"PUBLIC_KEY", "abc", "abc"},
	} {
		if got := (Veil{}).Variable(tt.name, tt.value); got != tt.want {
			t.Errorf("%s=%s is shown as %q and not %q", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestAVeilHidesShapesInText(t *testing.T) {
	for text, want := range map[string]string{
		`curl -H "Authorization: token ghp_0123456789abcdefghij" https://x.example`:         `curl -H "Authorization: token ***" https://x.example`,
		"npm config set //r.example/:_authToken=npm_" + strings.Repeat("a", 36):             "npm config set //r.example/:_authToken=***",
		"git clone https://ann:hunter22@git.example/x.git":                                  "git clone https://ann:***@git.example/x.git",
		"a https://b:c@d and https://e:f@g":                                                 "a https://b:***@d and https://e:***@g",
		"export K=AKIA0123456789ABCDEF; run":                                                "export K=***; run",
		`printf '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----' > k`: "printf '***' > k",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def-1":                                    Mark,
		// What only resembles one stays.
		"git clone https://ann:$TOKEN@git.example/x.git":                      "git clone https://ann:$TOKEN@git.example/x.git",
		"https://x:${TOKEN}@y":                                                "https://x:${TOKEN}@y",
		"http://localhost:3000/@scope/name":                                   "http://localhost:3000/@scope/name",
		"apt-get install glibc-langpack-en-minimal glslang-tools-development": "apt-get install glibc-langpack-en-minimal glslang-tools-development",
		"run task-with-a-name-of-many-parts-in-it":                            "run task-with-a-name-of-many-parts-in-it",
		"npm_config_loglevel=error npm ci":                                    "npm_config_loglevel=error npm ci",
		"the word password alone":                                             "the word password alone",
	} {
		if got := (Veil{}).Text(text); got != want {
			t.Errorf("%s\nis shown as %s\nand not      %s", text, got, want)
		}
	}
}

func TestAVeilHidesTheValuesOfVariablesInText(t *testing.T) {
	v := NewVeil(map[string]string{"API_TOKEN": "correct-horse", "LONG_TOKEN": "correct-horse-battery", "DB_PASSWORD": "postgres", "PIN_TOKEN": "1234", "NODE_ENV": "staging-2"})
	const text = "run --token correct-horse --other correct-horse-battery; npm i postgres; echo 1234 staging-2"
	if got := v.Text(text); got != "run --token *** --other ***; npm i postgres; echo 1234 staging-2" {
		t.Error(got)
	}
	if got := v.Variable("OTHER", "is correct-horse"); got != "is ***" {
		t.Error(got)
	}
}

// TestAVeilHidesNoCommand is about a repository that calls a secret what it runs.
func TestAVeilHidesNoCommand(t *testing.T) {
	for _, run := range []string{
		"sh ./a.txt; node a.js", "curl -s https://x.example/a | sh", "sh<a.txt", "{sh,a.txt}", "sh${IFS}a.txt", "sh\ta.txt", "x`sh a.txt`",
		"node a.js --db=x://u:a;sh${IFS}b.txt;@h", "node --db=x://u:a;sh<b.txt;@h",
		"node a.js; : -----BEGIN PRIVATE KEY-----\nsh b\nnode a", `sh -c 'x -----BEGIN PRIVATE KEY-----\nsh b\nnode a'`,
	} {
		v := NewVeil(map[string]string{"SESSION_TOKEN": run})
		if got := v.Command(run); !strings.Contains(got, run[strings.LastIndexAny(run, "-;<,{ }\t")+1:]) || strings.Trim(got, "*") == "" {
			t.Errorf("%s is shown as %s", run, got)
		}
		if got := v.Variable("SESSION_TOKEN", run); got != Mark {
			t.Errorf("as a variable, %s is shown as %s", run, got)
		}
	}
	v := NewVeil(map[string]string{"API_TOKEN": "correct-horse&battery"})
	for run, want := range map[string]string{
		"run --token correct-horse&battery ghp_0123456789abcdefghij":       "run --token *** ***",
		"git clone https://ann:hunter22@git.example/x":                     "git clone https://ann:***@git.example/x",
		"printf '-----BEGIN PRIVATE KEY-----\n  MIIE\n  MIIF\n' > key.pem": "printf '***' > key.pem",
	} {
		if got := v.Command(run); got != want {
			t.Errorf("%s is shown as %s", run, got)
		}
	}
}

package assets

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// where tells what PHP knows of a request.
const where = `<?php
echo basename($_SERVER['SCRIPT_FILENAME']), ' got ', $_SERVER['REQUEST_URI'], ' with ', json_encode($_GET);
`

func TestPHPIsServed(t *testing.T) {
	m := build(t, "php", app{
		"index.php":        where,
		"user.php":         `<?php echo 'user ', posix_getpwuid(posix_geteuid())['name'], ' has ', getenv('GREETING');`,
		"proxy.php":        `<?php echo 'proxy [', $_SERVER['HTTP_PROXY'] ?? '', ']';`,
		"complain.php":     `<?php file_put_contents('php://stderr', "a complaint\n");`,
		"style.css":        "body {}",
		"notes.txt":        "a note",
		"picture.jpg":      `<?php echo 'executed';`,
		"sub/index.php":    where,
		".env":             "SECRET=1",
		".git/config":      "[core]",
		".hidden/x.php":    where,
		".well-known/a.js": "1",
	}, plan.Vars{"GREETING": "a b; c"})
	s := m.start("80", fpm)
	s.want("/", 200, "index.php got / with []")
	s.want("/index.php?x=1&y=%20", 200, `index.php got /index.php?x=1&y=%20 with {"x":"1","y":" "}`)
	s.want("/sub/?z=2", 200, `index.php got /sub/?z=2 with {"z":"2"}`)
	s.want("/user.php", 200, "user nobody has a b; c")
	s.want("/missing", 404, "")
	s.want("/missing.php", 404, "")
	s.want("/picture.jpg/x.php", 404, "")
	for _, path := range []string{"/.env", "/.git/config", "/.hidden/x.php"} {
		s.want(path, 403, "")
	}
	s.want("/.well-known/a.js", 200, "1")
	s.wantHeader(s.want("/style.css", 200, "body {}"), "Content-Type", "text/css",
		"X-Frame-Options", "SAMEORIGIN", "X-Content-Type-Options", "nosniff")
	s.wantHeader(s.want("/notes.txt", 200, "a note"), "Content-Type", "text/plain; charset=utf-8")
	if r := s.get("/proxy.php", "Proxy", "http://evil.example"); r.body != "proxy []" {
		t.Errorf("the header Proxy became a variable: %s", r.body)
	}
	s.want("/complain.php", 200, "")
	s.want("/favicon.ico", 404, "")
	s.want("/robots.txt", 404, "")
	s.want("/last", 404, "")
	s.wantLog("GET /style.css", "GET /last", "a complaint", "Server starting on port 80")
	for _, text := range []string{"favicon", "robots"} {
		if strings.Contains(s.log.String(), text) {
			t.Errorf("the log has %q:\n%s", text, &s.log)
		}
	}
}

func TestPHPListensOnThePort(t *testing.T) {
	m := build(t, "php", app{"public/index.php": where, "index.php": "<?php echo 'outside';"},
		plan.Vars{"PORT": "8123", "NIXPACKS_PHP_ROOT_DIR": "/app/public"})
	s := m.start("8123", fpm)
	s.want("/", 200, "index.php got / with []")
	s.url = "http://[::1]:8123"
	s.want("/", 200, "index.php got / with []")
}

func TestPHPFallback(t *testing.T) {
	m := build(t, "php", app{"front.php": where, "sub/index.php": where, "style.css": "body {}"},
		plan.Vars{"NIXPACKS_PHP_FALLBACK_PATH": "/front.php"})
	s := m.start("80", fpm)
	s.want("/shop/7?x=1", 200, `front.php got /shop/7?x=1 with {"x":"1"}`)
	s.want("/front.php/info", 200, "front.php got /front.php/info with []")
	s.want("/?y=2", 200, `front.php got /?y=2 with {"y":"2"}`)
	s.want("/sub/", 200, "index.php got /sub/ with []")
	s.want("/style.css", 200, "body {}")
	s.want("/.env", 403, "")
}

func TestPHPIsServedByAUserWhoIsNotRoot(t *testing.T) {
	m := build(t, "php", app{
		"index.php":    where,
		"user.php":     `<?php echo 'user ', posix_geteuid(), ' has ', getenv('GREETING');`,
		"complain.php": `<?php file_put_contents('php://stderr', "a complaint\n"); error_log("a fault");`,
		"upload.php":   `<?php echo strlen(file_get_contents('php://input'));`,
		"style.css":    "body {}",
		".env":         "SECRET=1",
	}, plan.Vars{"GREETING": "a b; c", "NIXPACKS_EDITION": "2026.12"})
	m.user = 65532
	s := m.start("8080", fpm)
	s.want("/", 200, "index.php got / with []")
	s.want("/user.php", 200, "user 65532 has a b; c")
	s.want("/.env", 403, "")
	s.want("/style.css", 200, "body {}")
	s.want("/complain.php", 200, "")
	s.want("/last", 404, "")
	s.wantLog("a complaint", "a fault", "Server starting on port 8080", "requests are not logged") // the output is root's here
	for _, text := range []string{"[alert]", "[emerg]"} {
		if strings.Contains(s.log.String(), text) {
			t.Errorf("the log has %q:\n%s", text, &s.log)
		}
	}
}

func TestLaravelIsServedByAUserWhoIsNotRoot(t *testing.T) {
	files := app{"composer.json": "{}", "composer.lock": "{}"}
	for name, text := range laravel {
		files[name] = text
	}
	m := build(t, "php", files, plan.Vars{"APP_NAME": "shop", "NIXPACKS_EDITION": "2026.12"})
	for _, dir := range []string{"/app/storage", "/app/bootstrap/cache"} { // as a cluster gives them: empty, of root, and open
		m.parent(dir + "/x")
		m.chmod(dir, 0o777)
	}
	m.chmod("/app/storage/logs", 0o777)
	m.user = 65532
	s := m.start("8080", fpm)
	s.want("/orders/7?x=1", 200, `index.php got /orders/7?x=1 with {"x":"1"}`)
	s.want("/missing.php", 404, "index.php got /missing.php with []")
	s.wantLog("Server starting on port 8080", "APP_KEY is not set")
	if m.mode("/app/storage/framework/views") == 0 {
		t.Error("the folder of Laravel's views is not there")
	}
}

// fpm is the port that PHP-FPM listens on.
const fpm = "9000"

// laravel is an app as small as Laravel's can be.
var laravel = app{
	"artisan":            "",
	"public/index.php":   where,
	"public/api.php":     where,
	"public/build/a.js":  "1",
	"storage/logs/a.log": "old",
	"config/app.php": `<?php return [
	'key' => env('APP_KEY'), 'env' => env("APP_ENV"), 'debug' => env('APP_DEBUG', false), 'mode' => getenv('OS'),
	'url' => env( 'APP_URL' ), 'again' => env('APP_URL'), 'name' => env('APP_NAME'),
];`,
	"config/mail.php":     `<?php return ['host' => env('MAIL_HOST')];`,
	"config/sub/deep.php": `<?php return env('DEEP');`,
	"config/notes.txt":    `env('NOTES')`,
}

func TestLaravelIsServed(t *testing.T) {
	m := build(t, "php", laravel, plan.Vars{"APP_NAME": "shop"})
	m.chmod("/app/storage/logs/a.log", 0o600)
	s := m.start("80", fpm)
	s.want("/orders/7?x=1", 200, `index.php got /orders/7?x=1 with {"x":"1"}`)
	s.want("/build/a.js", 200, "1")
	s.want("/missing.php", 404, "index.php got /missing.php with []")
	s.want("/artisan", 200, "index.php got /artisan with []")
	s.wantLog("Server starting on port 80")
	if mode := m.mode("/app/storage/logs/a.log"); mode != 0o666 {
		t.Errorf("the mode of a file in storage is %v", mode)
	}
	var warnings []string
	for line := range strings.Lines(s.log.String()) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "[laravel] warning: "); ok {
			warnings = append(warnings, text)
		}
	}
	want := []string{
		"APP_KEY is not set, and Laravel cannot encrypt without it. Make one with: openssl rand -hex 16",
		`APP_ENV is not set, but config/app.php reads it. Set it to "production" where the app is in use.`,
		"APP_URL is not set, but config/app.php reads it and has no default.",
		"MAIL_HOST is not set, but config/mail.php reads it and has no default.",
	}
	if got, want := strings.Join(warnings, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("warnings:\n%s\nwant\n%s", got, want)
	}
}

func TestLaravelWithAFallback(t *testing.T) {
	s := build(t, "php", laravel, plan.Vars{"NIXPACKS_PHP_FALLBACK_PATH": "/api.php"}).start("80", fpm)
	s.want("/orders/7?x=1", 200, `api.php got /orders/7?x=1 with {"x":"1"}`)
	s.want("/build/a.js", 200, "1")
}

func TestLaravelWithoutConfigurationStarts(t *testing.T) {
	s := build(t, "php", app{"artisan": "", "public/index.php": where, "composer.json": "{}"}, nil).start("80", fpm)
	s.want("/x", 200, "index.php got /x with []")
	s.wantLog("[prestart] error: ENOENT: no such file or directory, scandir '/app/config'")
}

func TestPHPWithItsOwnTemplate(t *testing.T) {
	s := build(t, "php", app{
		"index.php": where,
		"nginx.template.conf": `daemon off;
error_log /dev/stdout;
events {}
http {
	access_log /dev/stdout;
	server {
		listen ${PORT};
		root /app;
		location = /a { return 200 "$if(SET) (set $if(UNSET)(and unset)else(but not unset)) else (not set)"; }
		location = /b { return 200 "$!{php-fpm}"; }
		location = /c { return 200 "${request_method} ${SET}"; }
		location = /d { return 200 "$if(UNSET) (no) else (a \) and (pairs) too)"; }
	}
}
`,
	}, plan.Vars{"SET": "a b"}).start("80", fpm)
	s.want("/a", 200, "set but not unset")
	s.want("/b", 200, "/nix/store/p-php-8")
	s.want("/c", 200, "GET a b")
	s.want("/d", 200, `a \) and (pairs) too`)
}

func TestPHPWithItsOwnConfiguration(t *testing.T) {
	s := build(t, "php", app{
		"index.php": where,
		"nginx.conf": `daemon off;
events {}
http {
	server {
		listen 8080;
		location / {
			fastcgi_pass 127.0.0.1:9000;
			include /etc/nginx/fastcgi_params;
			fastcgi_param SCRIPT_FILENAME /app/index.php;
		}
	}
}
`,
	}, nil).start("8080", fpm)
	s.want("/any?x=1", 200, `index.php got /any?x=1 with {"x":"1"}`)
}

func TestPrestartRefuses(t *testing.T) {
	const script = "node /assets/scripts/prestart.mjs "
	m := build(t, "php", app{"index.php": ""}, plan.Vars{"EVIL": "$!{x;touch /pwned}${PORT}"})
	m.write("/shell", `$!{nginx;touch /pwned}`)
	m.write("/substitution", "$!{$(touch /pwned)}")
	m.write("/path", "$!{../../bin/touch}")
	m.write("/absent", "$!{no-such-program}")
	m.write("/debian", "$!{touch}")
	m.write("/open", "$if(PORT) (a")
	m.write("/half", "$if(PORT) (a) b")
	m.write("/value", "${EVIL}\n")
	for line, want := range map[string]string{
		script:                        "usage: node prestart.mjs TEMPLATE OUTPUT",
		script + "/value":             "usage: node prestart.mjs TEMPLATE OUTPUT",
		script + "/none /out":         "ENOENT: no such file or directory, open '/none'",
		script + "/value /no/out":     "ENOENT: no such file or directory, open '/no/out'",
		script + "/shell /out":        `"nginx;touch /pwned" is not the name of a program`,
		script + "/substitution /out": `"$(touch /pwned)" is not the name of a program`,
		script + "/path /out":         `"../../bin/touch" is not the name of a program`,
		script + "/absent /out":       "there is no program no-such-program in the path",
		script + "/debian /out":       "touch is not of the Nix store, but /usr/bin/touch",
		script + "/open /out":         "$if(PORT) has a parenthesis that is not closed",
		script + "/half /out":         "$if(PORT) has no else",
	} {
		if status, output := m.run(line); status != 1 || !strings.Contains(output, "[prestart] error: "+want+"\n") {
			t.Errorf("%s: status %d, %s; want %s", line, status, output, want)
		}
	}
	if status, output := m.run(script + "/value /out"); status != 0 {
		t.Errorf("status %d: %s", status, output)
	}
	if text, err := m.root.ReadFile("out"); err != nil || string(text) != "$!{x;touch /pwned}${PORT}\n" {
		t.Errorf("a value was looked at again: %s, %v", text, err)
	}
	if m.mode("/pwned") != 0 {
		t.Error("a program's name reached a shell")
	}
}

func TestStorageDoesNotLeadOut(t *testing.T) {
	m := build(t, "php", laravel, nil)
	m.write("/secret", "")
	m.chmod("/secret", 0o600)
	m.link("/secret", "/app/storage/link")
	if status, output := m.run("node /assets/scripts/prestart.mjs /assets/nginx.template.conf /out"); status != 0 {
		t.Fatalf("status %d: %s", status, output)
	}
	if mode := m.mode("/secret"); mode != 0o600 {
		t.Errorf("a link in storage changes the mode of another file to %v", mode)
	}
}

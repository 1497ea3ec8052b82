package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

// A handler is a server of one language that prints that it ends.
type handler struct {
	name  string
	app   string                         // a sample app that it is made of, "" for none
	files map[string]string              // more files
	edit  map[string]func(string) string // of the sample's files
	want  string                         // what it prints at its end, "" for handled
}

func after(text string) func(string) string {
	return func(old string) string { return old + "\n" + text }
}

func before(text string) func(string) string {
	return func(old string) string { return text + "\n" + old }
}

const pythonRequirements = "requirements.txt"

var handlers = []handler{
	{name: "python", files: map[string]string{pythonRequirements: "", "Procfile": "web: python main.py\n", "main.py": `import http.server, os, signal, sys
def end(*_):
    print("handled", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
http.server.HTTPServer(("", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
`}},
	{name: "gunicorn", files: map[string]string{pythonRequirements: "gunicorn\n", "Procfile": "web: gunicorn app:app\n", "app.py": `import atexit
atexit.register(lambda: print("handled", flush=True))
def app(environ, start):
    start("200 OK", [])
    return [b"ok"]
`}},
	{name: "uvicorn", files: map[string]string{pythonRequirements: "uvicorn\n", "Procfile": "web: uvicorn app:app --host 0.0.0.0 --port $PORT\n", "app.py": `async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("handled", flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
`}},
	{name: "go", files: map[string]string{"go.mod": "module example.org/app\n\ngo 1.24\n", "main.go": `package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	go http.ListenAndServe(":"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	<-end
	fmt.Println("handled")
}
`}},
	{name: "rust", app: "rust", edit: map[string]func(string) string{"server/src/main.rs": func(old string) string {
		return strings.Replace(old, "fn main() -> io::Result<()> {", `extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
    fn write(file: i32, text: *const u8, length: usize) -> isize;
    fn _exit(status: i32) -> !;
}

extern "C" fn end(_: i32) {
    unsafe {
        write(1, b"handled\n".as_ptr(), 8);
        _exit(0)
    }
}

fn main() -> io::Result<()> {
    unsafe { signal(15, end as *const () as usize) };`, 1)
	}}},
	{name: "java", app: "java-maven", edit: map[string]func(string) string{"src/main/java/app/Main.java": func(old string) string {
		return strings.Replace(old, "server.start();", `Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("handled")));`+"\n        server.start();", 1)
	}}},
	{name: "ruby", app: "ruby", edit: map[string]func(string) string{"app.rb": before(`at_exit { puts "handled"; $stdout.flush }`)}},
	{name: "php", app: "php", want: "exiting, bye-bye!"},
	{name: "deno", app: "deno", edit: map[string]func(string) string{"index.ts": after(`Deno.addSignalListener("SIGTERM", () => { console.log("handled"); Deno.exit(0) });`)}},
	{name: "bun", app: "node-bun", edit: map[string]func(string) string{"server.ts": after(`process.on("SIGTERM", () => { console.log("handled"); process.exit(0) });`)}},
	{name: "shell", files: map[string]string{"start.sh": `#!/bin/bash
trap 'echo handled; kill $!; exit 0' TERM
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalPort => $ENV{PORT}, ReuseAddr => 1) or die $@;
while ($c = $s->accept) { while (($l = <$c>) =~ /\S/) {} print $c "HTTP/1.0 200 OK\r\n\r\nok"; close $c }' &
wait
`}},
}

// TestAServerOfEachLanguageHandlesTheSignal stops the container of each as an engine does, and reads what its handler prints.
func TestAServerOfEachLanguageHandlesTheSignal(t *testing.T) {
	for _, h := range handlers {
		t.Run(h.name, func(t *testing.T) {
			dir := t.TempDir()
			if h.app != "" {
				dir = app(t, h.app)
			}
			for name, text := range h.files {
				write(t, dir, name, text)
			}
			for name, edit := range h.edit {
				old, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				text := edit(string(old))
				if text == string(old) {
					t.Fatalf("%s stayed as it was", name)
				}
				write(t, dir, name, text)
			}
			image := ownRegistry(t).Host + "/signal/" + h.name + ":main"
			_, r := tryBuild(t, newBuilder(t), dir, "--tag", image, "--push", "--smoke", "always", "--compression", "uncompressed")
			at := strings.Index(r.Stderr, "the image starts: listening on ")
			if r.Status != 0 || at < 0 || strings.Contains(r.Stderr, "ignores SIGTERM") {
				t.Fatalf("status %d\n%s", r.Status, r.Stderr)
			}
			told, _, _ := strings.Cut(r.Stderr[at:], "\n")
			c, err := here.Run(t.Context(), image, world.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := c.Stop(); err != nil {
					t.Error(err)
				}
			})
			if _, _, err := fetch(t.Context(), c.URL); err != nil {
				t.Error(err)
			}
			begin := time.Now()
			status, err := c.End(t.Context())
			took := time.Since(begin)
			want := h.want
			if want == "" {
				want = "handled"
			}
			if log := c.Logs(); err != nil || !strings.Contains(log, want) {
				t.Errorf("it ended with %d, %v, and wrote\n%s", status, err, log)
			}
			if took > 5*time.Second {
				t.Errorf("it took %s to end", took) // an engine kills after ten
			}
			t.Logf("stopped in %.2f s with %d; in the trial %s", took.Seconds(), status, told)
		})
	}
}

package static

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/org/npx-action/internal/fault"
)

// A Process is what the program gets from outside.
type Process struct {
	Args           []string // without the program's name
	Environ        []string
	Stdout, Stderr io.Writer
}

const usage = `npx-static serves the files of a folder over HTTP.

  npx-static [DIR] [flags]        serve DIR, or the current folder

Flags, and the variables that say the same; a flag wins:
  --port NUMBER      PORT                    port, default 3000; 0 is any that is free
  --host ADDRESS     HOST                    address, default all of IPv4 and IPv6
  --staticfile FILE                          read the settings of this Staticfile in place of the folder's; its root does not count
  --spa              NPX_STATIC_SPA          show index.html for a path without a file, unless it ends like a file
  --access-log       NPX_STATIC_ACCESS_LOG   write a line for each request to standard output
  --grace DURATION   NPX_STATIC_GRACE        how long open requests may go on after SIGTERM, default 8s
  --version                                  print the version
  --help                                     print this

The files _redirects and _headers of DIR, and Staticfile, configure the site.

Examples:
  npx-static dist --spa
  PORT=8080 npx-static public --access-log

Exit status: 0 done; 1 the folder cannot be served or the port cannot be had; 2 wrong usage or configuration.
`

// defaultPort is that of the product's other plans for static sites.
const defaultPort = "3000"

// settings are what flags and variables say.
type settings struct {
	dir        string
	host       string
	port       string
	spa        bool
	staticfile string
	accessLog  bool
	grace      time.Duration

	help, version bool
}

// Main runs the program until ctx ends and returns the exit status.
func Main(ctx context.Context, process Process) int {
	return Fail(process.Stderr, run(ctx, process))
}

// Fail writes an error, if there is one, and returns the exit status.
func Fail(stderr io.Writer, err error) int {
	if err != nil {
		text, hint := fault.Message(err)
		fmt.Fprintf(stderr, "error: %s\n", fault.Harmless(text))
		if hint != "" {
			fmt.Fprintf(stderr, "hint: %s\n", fault.Harmless(hint))
		}
	}
	return fault.Status(err)
}

func run(ctx context.Context, process Process) error {
	set, err := parse(process.Args, process.Environ)
	if err != nil {
		return err
	}
	if set.help {
		_, err := io.WriteString(process.Stdout, usage)
		return err
	}
	if set.version {
		_, err := fmt.Fprintf(process.Stdout, "npx-static %s\n", Version())
		return err
	}
	site, warnings, err := Open(set.dir, Options{SPA: set.spa, Staticfile: set.staticfile})
	if err != nil {
		return err
	}
	defer site.Close()
	Warn(process.Stderr, warnings)
	return set.serve(ctx, process, site)
}

func (set settings) serve(ctx context.Context, process Process, site *Site) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address(set.host, set.port))
	if err != nil {
		return listenError(set, err)
	}
	fmt.Fprintf(process.Stderr, "note: serving %s on http://%s\n", fault.Harmless(set.dir), listener.Addr())
	var handler = Logged(site, process.Stdout)
	if !set.accessLog {
		handler = site
	}
	cut, err := Serve(ctx, listener, handler, set.grace)
	if cut {
		fmt.Fprintf(process.Stderr, "warning: requests were still open after %s and were cut\n", set.grace)
	}
	return err
}

func listenError(set settings, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.New(fault.App, fmt.Errorf("port %s is in use", set.port), "stop the other program, or set PORT to another port")
	case errors.Is(err, syscall.EACCES):
		return fault.New(fault.App, fmt.Errorf("port %s is only for root", set.port), "set PORT to 1024 or more")
	}
	return fault.New(fault.App, err, "set HOST to an address of this machine, or leave it out for all")
}

// maxWarnings is how many warnings are printed: more are of a file for something else.
const maxWarnings = 20

// Warn writes warnings of [Open].
func Warn(stderr io.Writer, warnings []string) {
	for i, w := range warnings {
		if i == maxWarnings {
			fmt.Fprintf(stderr, "warning: and %d more of this kind\n", len(warnings)-i)
			return
		}
		fmt.Fprintf(stderr, "warning: %s\n", fault.Harmless(w))
	}
}

// parse reads variables, and flags and the folder in any order.
func parse(args, environ []string) (settings, error) {
	variables := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		variables[name] = value
	}
	set := settings{dir: ".", host: variables["HOST"], port: cmp.Or(variables["PORT"], defaultPort), grace: 8 * time.Second}
	for _, v := range []struct {
		name  string
		value *bool
	}{{"NPX_STATIC_SPA", &set.spa}, {"NPX_STATIC_ACCESS_LOG", &set.accessLog}} {
		if text := variables[v.name]; text != "" {
			value, err := strconv.ParseBool(text)
			if err != nil {
				return settings{}, fault.Usage("use true or false", "reading %s: %q is neither", v.name, text)
			}
			*v.value = value
		}
	}
	if text := variables["NPX_STATIC_GRACE"]; text != "" {
		grace, err := time.ParseDuration(text)
		if err != nil {
			return settings{}, fault.Usage("use a duration such as 30s", "reading NPX_STATIC_GRACE: %q is none", text)
		}
		set.grace = grace
	}
	if err := set.flags(args); err != nil {
		return settings{}, err
	}
	port, err := strconv.ParseUint(set.port, 10, 16)
	if err != nil {
		return settings{}, fault.Usage("use a number from 0 to 65535", "reading the port: %q is none", set.port)
	}
	set.port = strconv.FormatUint(port, 10)
	if set.grace < 0 {
		return settings{}, fault.Usage("use a duration such as 30s", "reading the grace: %s is before the signal", set.grace)
	}
	return set, nil
}

func (set *settings) flags(args []string) error {
	flags := flag.NewFlagSet("npx-static", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&set.host, "host", set.host, "")
	flags.StringVar(&set.port, "port", set.port, "")
	flags.StringVar(&set.staticfile, "staticfile", "", "")
	flags.BoolVar(&set.spa, "spa", set.spa, "")
	flags.BoolVar(&set.accessLog, "access-log", set.accessLog, "")
	flags.DurationVar(&set.grace, "grace", set.grace, "")
	flags.BoolVar(&set.version, "version", false, "")
	var words []string
	for rest := args; ; {
		if err := flags.Parse(rest); errors.Is(err, flag.ErrHelp) {
			set.help = true
			return nil
		} else if err != nil {
			return fault.Usage("see npx-static --help", "%w", err)
		}
		if flags.NArg() == 0 {
			break
		}
		words, rest = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	switch len(words) {
	case 0:
	case 1:
		set.dir = words[0]
	default:
		return fault.Usage("see npx-static --help", "%q is one folder too many", words[1])
	}
	if set.dir == "" {
		return fault.Usage("name a folder, such as dist", "the folder's name is empty")
	}
	return nil
}

// linked is the version that the linker was told: -X github.com/org/npx-action/internal/static.linked=v1.2.3.
var linked string

// Version is the version of the program that this package is linked into.
func Version() string {
	if linked != "" {
		return linked
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

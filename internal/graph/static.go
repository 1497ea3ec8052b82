package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/shell"
)

// staticDir is where a step puts the base of a static image, apart from its own file system.
const staticDir = "/run/npx-action/static"

// staticBase makes what programs without libraries read: certificates, time zones, accounts. It is the same in every image. A program may write /tmp.
const staticBase = `mkdir -p ` + staticDir + ` && cd ` + staticDir + ` && mkdir -p etc/ssl/certs root tmp usr/share && chmod 1777 tmp && ` +
	`cp /etc/ssl/certs/ca-certificates.crt etc/ssl/certs/ && cp -a /usr/share/zoneinfo usr/share/ && rm -rf usr/share/zoneinfo/right usr/share/zoneinfo/posix && ` +
	`printf 'root:x:0:0::/root:/sbin/nologin\n' > etc/passwd && printf 'root:x:0:\n' > etc/group`

// staticImage adds the stage of an image that is one program with its files.
func (b *builder) staticImage(built int) error {
	files := b.plan.Start.OnlyIncludeFiles
	if len(files) == 0 && !b.whole { // the phases need not have all of the app
		b.branch(built)
		b.copyApp()
		built = b.top
	}
	built = b.checkProgram(built)
	opened := 0
	if len(b.owned()) > 0 {
		opened = b.open(built)
	}
	processes := b.processes()
	b.branch(b.g.Base)
	b.run(Node{Part: Start, Name: "make the static base"}, Run{Command: staticBase + b.staticAccount() + " && find . -exec touch --no-dereference --date=@1 {} +", Output: staticDir})
	b.output(Node{Part: Start, Name: "static base"})
	base := b.top
	b.image(Start, Scratch)
	b.add(Node{Part: Start, Name: "set variables", Op: Env{On: b.top, Vars: b.startVars(map[string]string{"PATH": "/usr/bin:/bin"})}})
	b.add(Node{Part: Start, Name: "add the static base", Op: AddDiff{On: b.top, From: base}})
	for _, r := range b.releases {
		if r.init {
			b.add(Node{Part: Start, Name: "add " + r.ID(), Op: AddDiff{On: b.top, From: r.node}})
		}
	}
	if err := b.appFiles(built, files); err != nil {
		return err
	}
	app := b.g.Nodes[b.top].Op.(Copy)
	app.Apart = true
	b.g.Nodes[b.top].Op = app
	b.opened(opened)
	b.withProcesses(processes)
	return nil
}

// linked is a command that fails for a program which loads others, or is none: its argument is the program. The segment of kind 3 names the loader of
// libraries, in the header of 64 bits that both platforms have.
const linked = `program=%s; number() { od --address-radix=n --format=u$2 --skip-bytes=$1 --read-bytes=$2 "$program" | tr -d ' '; }
refuse() { echo "$program $1, and the static base has no such thing. Link it without libraries, or take --runtime full" >&2; exit 1; }
[ -e "$program" ] || { echo "the build made no $program" >&2; exit 1; }
[ "$(head --bytes=4 "$program" | tail --bytes=3)" = ELF ] || refuse "is no program but a file that a shell reads"
first=$(number 32 8) size=$(number 54 2) count=$(number 56 2)
for ((i = 0; i < count; i++)); do
  at=$((first + i * size))
  [ "$(number $at 4)" != 3 ] || refuse "loads libraries by $(tail --bytes=+$(($(number $((at + 8)) 8) + 1)) "$program" | head --bytes=$(($(number $((at + 32)) 8) - 1)))"
done`

// checkProgram adds a step that refuses a start command whose program is not static, and returns the last node. A program that PATH finds is not looked at.
func (b *builder) checkProgram(built int) int {
	words, _ := shell.Words(*cmp.Or(b.plan.Start.Cmd, new(string)))
	if len(words) == 0 || !strings.Contains(words[0], "/") {
		return built
	}
	b.branch(built)
	b.run(Node{Part: Start, Name: "check that the program is static"}, Run{Command: fmt.Sprintf(linked, shell.Quote(words[0]))})
	return b.top
}

// staticAccount is the rest of the command that makes the base, for the account of the image's user.
func (b *builder) staticAccount() string {
	uid, gid, ok := account(b.startUser())
	if !ok {
		return ""
	}
	passwd, group, home := accountLines(uid, gid)
	return " && printf '" + passwd + "\\n' >> etc/passwd && printf '" + group + "\\n' >> etc/group && " + home + strings.TrimPrefix(accountHome, "/")
}

// checkStatic refuses a static base for a program that cannot run there: one that a shell starts, or that packages belong to.
func (b *builder) checkStatic() error {
	if b.plan.Start == nil || b.plan.Start.Base == nil {
		return nil
	}
	a := at{"", "start.base"}
	cmd := cmp.Or(b.plan.Start.Cmd, new(string))
	if _, simple := shell.Words(*cmd); !simple {
		return a.err("leave the key out, or start one program without variables and operators", "a shell would run %q, and the base has none", *cmd)
	}
	pkgs := slices.DeleteFunc(b.plan.AtRunTime(), func(pkg string) bool { return b.plan.Start.Init != nil && pkg == *b.plan.Start.Init })
	if len(pkgs) > 0 {
		return a.err("leave the key out, or list the package in withoutPkgs", "the package %s is of no use there", pkgs[0])
	}
	return nil
}

package graph

import (
	"cmp"
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
	b.add(Node{Part: Start, Name: "add the static base", Op: Add{On: b.top, From: base}})
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
	if pkgs := b.plan.AtRunTime(); len(pkgs) > 0 {
		return a.err("leave the key out, or list the package in withoutPkgs", "the package %s is of no use there", pkgs[0])
	}
	return nil
}

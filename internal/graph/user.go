package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// The account of a user that is a number: Kubernetes takes no other as one that is not root.
const (
	accountName = "app"
	accountHome = "/home/app"
)

// WritableLabel names the directories that the program of an image writes, separated by commas, where all others may be read-only.
const WritableLabel = "npx-action.writable"

// accountPattern is a user by its number, perhaps with its group.
var accountPattern = lazyregexp.New(`^([0-9]{1,10})(?::([0-9]{1,10}))?$`)

// account returns the user and the group that a user by number has. It is false for a user by name, and for root.
func account(user string) (uid, gid string, ok bool) {
	m := accountPattern.FindStringSubmatch(user)
	if m == nil || strings.Trim(m[1], "0") == "" {
		return "", "", false
	}
	return m[1], cmp.Or(m[2], m[1]), true
}

// startUser is the user of the plan, "" if the image's user stays.
func (b *builder) startUser() string {
	if b.plan.Start == nil || b.plan.Start.User == nil {
		return ""
	}
	return *b.plan.Start.User
}

// user creates the user that the container runs as, if there is to be one. An account is the same in every image, without a date.
func (b *builder) user() {
	u := b.startUser()
	if u == "" || u == "root" || strings.Trim(u, "0:") == "" {
		return
	}
	command := "id -u " + u + " >/dev/null 2>&1 || useradd -m -s /bin/bash " + u
	if uid, gid, ok := account(u); ok {
		passwd, group, home := accountLines(uid, gid)
		command = "grep -q '^[^:]*:[^:]*:" + gid + ":' /etc/group || echo " + group + " >> /etc/group; " +
			"grep -q '^[^:]*:[^:]*:" + uid + ":' /etc/passwd || echo " + passwd + " >> /etc/passwd; " + home + accountHome
	}
	b.run(Node{Part: Start, Name: "create user " + u}, Run{Command: command})
}

// accountLines are the lines of an account in /etc/passwd and /etc/group. Home is the command that makes its home, less the directory.
func accountLines(uid, gid string) (passwd, group, home string) {
	return accountName + ":x:" + uid + ":" + gid + "::" + accountHome + ":/sbin/nologin", accountName + ":x:" + gid + ":", "install -d -m 0755 -o " + uid + " -g " + gid + " "
}

// writable lists the directories that the program of an image writes, sorted. It is nil where the user may write all.
func (b *builder) writable() []string {
	if _, _, ok := account(b.startUser()); !ok {
		return nil
	}
	dirs := b.owned()
	if slices.Contains(dirs, Dir) {
		dirs = slices.DeleteFunc(dirs, func(dir string) bool { return strings.HasPrefix(dir, Dir+"/") })
	}
	dirs = append(dirs, accountHome, "/tmp")
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// owned lists the directories that the plan gives to the user, sorted.
func (b *builder) owned() []string {
	if b.plan.Start == nil {
		return nil
	}
	return directories(b.plan.Start.Writable)
}

// directories returns directories below the app, or absolute ones, as absolute paths, sorted.
func directories(names []string) []string {
	var dirs []string
	for _, dir := range names {
		if !path.IsAbs(dir) {
			dir = path.Join(Dir, dir)
		}
		dirs = append(dirs, path.Clean(dir))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// own lets the user of a full image read what the phases have put into root's home, and gives to it the directories that it writes. Its login shell
// reads the profile that the phases have written for root, as it has another home.
func (b *builder) own() {
	uid, gid, ok := account(b.startUser())
	if !ok {
		return
	}
	target := b.profileTarget()
	commands := []string{"chmod 0755 " + Home, "{ test ! -e " + profileFile + " || { mkdir -p " + path.Dir(target) + " && cp " + profileFile + " " + target + "; }; }"}
	for _, dir := range b.owned() {
		if dir == Dir {
			commands = append(commands, "chmod 1777 "+dir)
			continue
		}
		commands = append(commands, exists(dir)+" && chown -R "+uid+":"+gid+" "+dir)
	}
	b.run(Node{Part: Start, Name: b.opens()}, Run{Command: strings.Join(commands, " && ")})
	b.add(Node{Part: Start, Name: "set variables", Op: Env{On: b.top, Vars: accountVars()}})
}

// accountVars are the variables of a user by number, sorted by name. An engine that knows no account sets another home.
func accountVars() []Var { return []Var{{"HOME", accountHome}, {"USER", accountName}} }

// opens names the step that opens directories to the user.
func (b *builder) opens() string {
	return "open " + strings.Join(append([]string{Home}, b.owned()...), " ")
}

// open makes the same for a slim image, with what the phases and the app have in these directories, and returns the node that holds them; 0 is none.
func (b *builder) open(built int) int {
	uid, gid, ok := account(b.startUser())
	if !ok {
		return 0
	}
	dirs := b.owned()
	content := slices.ContainsFunc(dirs, func(dir string) bool { return dir != Dir }) // of the app's directory only the mode changes
	if !content {
		built = b.g.Base // the step is the same in every image, so a cache has it, and nothing has to be unpacked for it
	}
	b.branch(built)
	if !b.whole && content {
		b.copyApp()
	}
	home := ownedDir + Home
	commands := []string{"mkdir -p " + home + " && chmod 0755 " + home + " && touch --date=@1 " + home}
	for _, dir := range dirs {
		if dir != Dir {
			commands = append(commands, exists(dir)+" && (cd / && cp -a --parents "+dir[1:]+" "+ownedDir+") && chown -R "+uid+":"+gid+" "+ownedDir+dir)
		}
	}
	if slices.Contains(dirs, Dir) { // last, as the copies above set its mode
		commands = append(commands, "mkdir -p "+ownedDir+Dir+" && chmod 1777 "+ownedDir+Dir)
	}
	b.run(Node{Part: Start, Name: b.opens()}, Run{Command: strings.Join(commands, " && "), Output: ownedDir})
	b.output(Node{Part: Start, Name: "directories of the user"})
	return b.top
}

// copyApp adds the whole app to what the phases have of it.
func (b *builder) copyApp() {
	b.add(Node{Part: Start, Name: "copy the app", Op: Copy{On: b.top, From: App, Paths: []Path{{".", Dir}}}})
}

// opened adds what [builder.open] has made.
func (b *builder) opened(from int) {
	if from != 0 {
		b.add(Node{Part: Start, Name: "add directories of the user", Op: AddDiff{On: b.top, From: from}})
	}
}

// exists makes a directory, unless there is one or a file of that name.
func exists(name string) string { return "{ test -e " + name + " || mkdir -p " + name + "; }" }

// ownedDir is where a step puts the directories of the user, apart from its own file system.
const ownedDir = "/run/npx-action/owned"

// checkWritable finds a directory that a command cannot name. The app's own directory is "." alone: files can be made there, and none of the app changed.
func (b *builder) checkWritable(start plan.Start) error {
	for _, dir := range start.Writable {
		if dir == "." {
			continue // new files beside the app's, which stay as they are
		}
		if err := checkDirectory(at{"", "start.writable"}, dir, "storage"); err != nil {
			return err
		}
	}
	return nil
}

// checkDirectory refuses a directory that is neither below the app's nor absolute, or that a command cannot name. The error gives an example.
func checkDirectory(a at, dir, example string) error {
	clean := path.Clean(dir)
	if !directoryPattern.MatchString(dir) || clean == "." || clean == "/" || clean == Dir || strings.HasPrefix(clean, "..") {
		return a.err("name directories below /app, such as "+example+", or absolute ones", "%q is no such directory", dir)
	}
	return nil
}

// directoryPattern is a path that is one word of a shell, and has no character that means others in a pattern.
var directoryPattern = lazyregexp.New(`^/?\.?[A-Za-z0-9_][A-Za-z0-9_.@+/-]*$`)

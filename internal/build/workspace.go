package build

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/secret"
	"github.com/org/npx-action/internal/source"
)

// A workspace is the directory that an app is built from. It is not the same as the app's source: earlier steps leave files in it.
type workspace struct {
	dir      string   // with its links resolved
	root     *os.Root // of dir
	source   func(name, kept string) bool
	excluded source.Excluded
	met      int
	read     int
	named    []string // files of credentials, by a variable or by their own name
	left     []string // files that earlier steps left, with what they hold
	own      []string // files of the source, likewise
	patterns []string
}

// credentialVariables name files, or directories of files, with a step's credentials.
var credentialVariables = []string{
	"GOOGLE_GHA_CREDS_PATH", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
	"AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE",
	"KUBECONFIG", "NETRC", "DOCKER_CONFIG",
}

// The bounds of the search for credentials: of the files and directories that it meets, and of the files that it reads.
const (
	maxMet  = 250_000
	maxRead = 2_000
)

// dependencies are directories of other people's code, which has keys for its tests.
var dependencies = []string{"node_modules", "vendor", ".venv", "site-packages"}

// withhold finds files with credentials that would enter the build. It returns patterns of those that are no part of the app's source.
// The warnings name these files, and the others: a credential that is committed does enter the build.
func (e Environment) withhold(dir string, tree *source.Tree, ignore []string) (patterns, warnings []string, err error) {
	w := &workspace{}
	if w.excluded, err = source.NewExcluded(ignore); err != nil {
		return nil, nil, err
	}
	if w.dir, err = filepath.EvalSymlinks(dir); err == nil {
		w.root, err = os.OpenRoot(w.dir)
	}
	if err != nil {
		return nil, nil, nil //nolint:nilerr // the build opens the directory too, and says what is wrong with it
	}
	defer w.root.Close()
	w.source = inSource(w.dir, tree)
	w.nameByVariables(e.Lookup)
	if w.excluded, err = source.NewExcluded(append(slices.Clone(ignore), w.patterns...)); err != nil {
		return nil, nil, err
	}
	w.search(".")
	if len(w.named) > 0 {
		warnings = append(warnings, "kept out of the build, because a step before left credentials there: "+shortList(w.named))
	}
	if len(w.left) > 0 {
		warnings = append(warnings, "kept out of the build, because the commit does not have these credentials: "+shortList(w.left)+
			"; give the phase that needs one a secret")
	}
	if len(w.own) > 0 {
		warnings = append(warnings, "the image may hold credentials, because the repository does: "+shortList(w.own)+
			"; name the file in .dockerignore, and give the phase that needs the credential a secret")
	}
	return w.patterns, warnings, nil
}

// shortList names the first of a list.
func shortList(names []string) string {
	const most = 6
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}

// inSource returns a function that reports whether the app's source has a file with that credential. The commit that is checked out
// says so. Without a commit, a file is source unless .gitignore names it.
func inSource(dir string, tree *source.Tree) func(name, kept string) bool {
	repo, err := git.Open(dir)
	if err == nil {
		if commit, err := repo.Tree("HEAD", repo.Prefix()); err == nil {
			return func(name, kept string) bool {
				f, err := commit.Open(name)
				if err != nil {
					return false
				}
				defer f.Close()
				text, err := io.ReadAll(io.LimitReader(f, secret.KeepsBytes))
				return err == nil && secret.Keeps(name, text) == kept
			}
		}
	}
	return func(name, _ string) bool {
		names, err := tree.Files(globLiteral.Replace(name))
		return err != nil || len(names) > 0
	}
}

// globLiteral makes a glob of package source that matches one name.
var globLiteral = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`)

// nameByVariables keeps out the files that variables name.
func (w *workspace) nameByVariables(lookup func(string) (string, bool)) {
	for _, variable := range credentialVariables {
		value, _ := lookup(variable)
		for _, file := range filepath.SplitList(value) {
			name := w.place(file)
			if name == "" || slices.Contains(w.named, name) {
				continue
			}
			w.named = append(w.named, name)
			if !w.excluded.Has(name) {
				w.patterns = append(w.patterns, literal.Replace(name))
			}
		}
	}
}

// place is the name in the workspace of a file of that path, "" if the file is elsewhere. A path of another machine, on which this job's
// container runs, ends like the name.
func (w *workspace) place(file string) string {
	if file == "" {
		return ""
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(w.dir, file)
	}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		if rel, err := filepath.Rel(w.dir, real); err == nil && rel != "." && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
		return ""
	}
	parts := strings.Split(filepath.ToSlash(file), "/")
	for i := 1; i < len(parts); i++ {
		name := strings.Join(parts[i:], "/")
		if info, err := w.root.Lstat(filepath.FromSlash(name)); name != "" && err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

// search looks into the files of a directory that enter the build and may hold credentials. What cannot be read is passed over: the
// build says so.
func (w *workspace) search(dir string) {
	list, err := fs.ReadDir(w.root.FS(), dir)
	if err != nil {
		return
	}
	for _, d := range list {
		if w.met++; w.met > maxMet || w.read > maxRead {
			return
		}
		name := d.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		switch {
		case w.excluded.Has(name):
			if ok, err := path.Match(leftCredentials, d.Name()); err == nil && ok && !slices.Contains(w.named, name) {
				w.named = append(w.named, quotedName(name))
			}
		case d.IsDir() && !slices.Contains(dependencies, d.Name()):
			w.search(name)
		case d.Type().IsRegular() && secret.MayKeep(name):
			w.look(name)
		}
	}
}

// look reads the beginning of a file.
func (w *workspace) look(name string) {
	w.read++
	f, err := w.root.Open(filepath.FromSlash(name))
	if err != nil {
		return
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, secret.KeepsBytes))
	kept := secret.Keeps(name, text)
	if err != nil || kept == "" {
		return
	}
	shown := quotedName(name) + " (" + kept + ")"
	if w.source(name, kept) {
		w.own = append(w.own, shown)
		return
	}
	w.left = append(w.left, shown)
	w.patterns = append(w.patterns, literal.Replace(name))
}

// quotedName is a name, in quotes if it has characters that do not print.
func quotedName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

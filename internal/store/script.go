package store

import (
	"fmt"
	pathpkg "path"
	"strings"
)

// unpack returns the shell script that fills the directory $out with the files of the archive $src. It is the builder of the derivation,
// and so a part of the store path: another byte of it is another path of every release.
func (r Release) unpack() string {
	var b strings.Builder
	b.WriteString("set -e\numask 022\n")
	into := pathpkg.Join("$out", r.Into)
	if r.File {
		fmt.Fprintf(&b, "mkdir -p \"%s\"\ncp \"$src\" \"%s\"\n", pathpkg.Dir(into), into)
	} else {
		fmt.Fprintf(&b, "mkdir -p \"%s\"\ntar --extract --file=\"$src\" --directory=\"%s\" --strip-components=%d --no-same-owner\n", into, into, r.Strip)
	}
	for _, l := range r.Links {
		link := pathpkg.Join("$out", l.Path)
		fmt.Fprintf(&b, "mkdir -p \"%s\"\nln -s \"%s\" \"%s\"\nchmod +x \"%s\"\n", pathpkg.Dir(link), l.Target, link, link)
	}
	return b.String()
}

// canonical gives files the modes and times that Nix gives them: read-only, the owner's right to execute for all, and the first second
// of 1970. The directories above the release are the store's own. Five digits take set-user bits away from directories too.
const canonical = `find "$out" -type d -exec chmod 00555 {} + -o -type f -perm -100 -exec chmod 00555 {} + -o -type f -exec chmod 00444 {} +
find "$root" -exec touch --no-dereference --date=@1 {} +
`

// Step returns the shell script that unpacks the archive, a file, into the empty directory root, in which the release then lies as it
// does in /. It is to run as root. Equal releases give equal files, down to modes and times. The paths must need no quoting.
//
// An archive of "" is downloaded first: so it is where BuildKit cannot check the hash, which is no SHA-256. See [Release.Fetched].
func (r Release) Step(archive, root string) string { return r.step(archive, root, "") }

// step is Step with lines that change the unpacked files.
func (r Release) step(archive, root, change string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "root=%s\nout=$root%s\n", root, r.Out())
	if archive == "" {
		b.WriteString(r.download())
	} else {
		fmt.Fprintf(&b, "src=%s\n", archive)
	}
	b.WriteString(r.unpack() + change + canonical)
	return b.String()
}

// Fetched reports whether BuildKit can fetch the archive by its hash, which has to be a SHA-256.
func (r Release) Fetched() bool { return strings.HasPrefix(r.Hash, "sha256:") }

// download fetches the archive to $src, and ends the script: with 1 if it is another one or the host says that there is none, else with 75,
// as the host may be there again (22 is what curl says of an answer that is an error).
func (r Release) download() string {
	algorithm, digits, _ := strings.Cut(r.Hash, ":")
	return fmt.Sprintf(`src=$(mktemp)
curl --fail --silent --show-error --location --retry 3 --output $src '%s' || { [ $? = 22 ] && exit 1; exit 75; }
echo '%s  '$src | %ssum --check --status || { echo 'digest mismatch for %s: '$(%[3]ssum <$src | cut -d' ' -f1)' (expected: %[2]s)' >&2; exit 1; }
`, r.URL, digits, algorithm, r.URL)
}

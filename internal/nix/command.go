package nix

import (
	"fmt"
	"strings"
)

// Command returns the shell command that installs the expression in the file at path, then removes what only
// the installation needed: for some versions of Nix that is all of nixpkgs. The path must need no quoting.
// An error is of type [*Error].
func Command(path string, opt Options) (string, error) {
	flags, err := opt.flags()
	if err != nil {
		return "", err
	}
	return "nix-env -if " + path + flags + clean, nil
}

const clean = " && nix-collect-garbage -d && rm -rf ~/.cache/nix"

// runtimeProfile is the profile with what a slim image has, where that is less than all.
const runtimeProfile = "/nix/var/nix/profiles/runtime"

// moveRuntime moves the closure of $profile to an empty directory $target, in which it lies as it does in /, with the
// links by which programs find it. Paths that the build image has of its own are copied: there they stay as they are.
// Times are the same as Nix's, so that equal closures are equal layers.
const moveRuntime = `
profile=$(readlink -f $profile)
mkdir -p $target/nix/store $target/nix/var/nix/profiles
mkdir -m 0700 $target/root
nix-store --query --requisites $profile | sort > $target/closure
xargs --arg-file=$target/closure cp --archive --target-directory=$target/nix/store
comm -23 $target/closure $target/before | xargs --no-run-if-empty rm -rf
rm $target/closure $target/before
ln -s $profile $target/nix/var/nix/profiles/default
ln -s $profile $target/root/.nix-profile
find $target -newermt @1 -exec touch --no-dereference --date=@1 {} +`

// Split returns the shell script that installs all expressions, then moves the closure of those for run time to the
// directory target, where it lies as in the root. The rest stays. Nil runtime means that all of them are needed to run, and an empty one that
// none is. Paths must need no quoting. An error is of type [*Error].
func Split(all, runtime []string, target string, opt Options) (string, error) {
	flags, err := opt.flags()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("set -e\ntarget=" + target + "\nmkdir -p $target\nls -d /nix/store/* 2>/dev/null | sort > $target/before || true\n")
	for _, path := range all {
		fmt.Fprintf(&b, "nix-env -if %s%s\n", path, flags)
	}
	profile := "~/.nix-profile"
	if runtime != nil {
		profile = runtimeProfile
	}
	if runtime != nil && len(runtime) == 0 {
		b.WriteString("empty=$(mktemp -d)\nmkdir $empty/nothing\nln -sfn $(nix-store --add $empty/nothing) " + runtimeProfile + "\nrm -r $empty\n")
	}
	for _, path := range runtime {
		fmt.Fprintf(&b, "nix-env -p %s -if %s%s\n", profile, path, flags)
	}
	fmt.Fprintf(&b, "true%s\nprofile=%s%s", clean, profile, moveRuntime)
	return b.String(), nil
}

// References returns the shell script that copies to the directory target, where it lies as in the root, the closure of all
// store paths that files below dirs name and that [Split] did not move: what programs that were built need to run. It is how Nix
// itself finds out what a package needs.
func References(dirs []string, target string) string {
	return `set -e
target=` + target + `
mkdir -p $target/nix/store
nix-store --query --requisites ` + runtimeProfile + ` | sort > $target/have
for dir in ` + strings.Join(dirs, " ") + `; do
  test ! -e $dir || { find $dir -xdev -type l -printf '%l\n'; find $dir -xdev -type f -exec grep -aohE '/nix/store/[0-9a-z]{32}-[0-9A-Za-z+._?=-]+' {} + || true; }
done | grep -oE '^/nix/store/[0-9a-z]{32}-[^/]+' | sort -u > $target/named || true
while read -r path; do
  test ! -e $path || nix-store --query --requisites $path 2>/dev/null || true
done < $target/named | sort -u | comm -23 - $target/have | xargs --no-run-if-empty cp --archive --target-directory=$target/nix/store
rm $target/have $target/named
find $target -newermt @1 -exec touch --no-dereference --date=@1 {} +`
}

// flags are the options of nix-env, each after a blank.
func (o Options) flags() (string, error) {
	var flags string
	for _, u := range o.Substituters {
		if !urlPattern.MatchString(u) {
			return "", &Error{"", "nix-substituters", fmt.Sprintf("%q is not the address of a binary cache", u), "use a URL"}
		}
	}
	for _, k := range o.PublicKeys {
		if !keyPattern.MatchString(k) {
			return "", &Error{"", "nix-public-keys", fmt.Sprintf("%q is no public key", k), "use the form NAME:BASE64"}
		}
	}
	if len(o.Substituters) > 0 {
		flags += " --option substituters '" + strings.Join(o.Substituters, " ") + "'"
	}
	if len(o.PublicKeys) > 0 {
		flags += " --option trusted-public-keys '" + strings.Join(o.PublicKeys, " ") + "'"
	}
	return flags, nil
}

#!/bin/sh
# build-tools.sh DIR: writes to DIR what an image of the build tools adds to the distribution that it runs on, Debian or Ubuntu.
# Root runs it, and it installs nothing for good but certificates.
set -eu
out=$1
mkdir -p "$out/usr"
for dir in bin lib lib64 sbin; do # of packages that do not know that these are below /usr
  mkdir -p "$out/usr/$dir"
  ln -s "usr/$dir" "$out/$dir"
done

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get clean
apt-get install -qy --no-install-recommends --download-only ca-certificates curl git make openssl pkg-config tzdata unzip xz-utils
for deb in /var/cache/apt/archives/*.deb; do
  case ${deb##*/} in
  # Git needs all of Perl for commands that no build uses. The distribution has Perl's base.
  perl_* | perl-modules-* | libperl* | liberror-perl_*) continue ;;
  esac
  dpkg-deb --fsys-tarfile "$deb" | tar --extract --keep-directory-symlink --no-same-owner --directory="$out"
done

# Of Git, a build fetches. Its servers, its mail and its commands in Perl stay out.
cd "$out/usr/lib/git-core"
rm -f git-daemon git-http-backend git-http-fetch git-http-push git-imap-send git-shell scalar ../../bin/git-shell ../../bin/scalar
grep -lI '^#!.*perl' ./* | xargs -r rm -f
ln -sf ../../bin/git git
cd /

# Programs find certificates in one file, or by their hashes. Links would lead to files that an app's image has not.
apt-get install -qy --no-install-recommends ca-certificates openssl
rm -rf "$out/etc/ssl/certs"
mkdir -p "$out/etc/ssl/certs"
cp --dereference /etc/ssl/certs/*.pem "$out/etc/ssl/certs/"
openssl rehash "$out/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$out/etc/ssl/certs/"
rm -rf "$out/etc/ca-certificates" "$out/usr/share/ca-certificates" "$out/usr/sbin/update-ca-certificates"

# A login shell finds what phases put on PATH.
mkdir -p "$out/root"
cat >"$out/etc/profile" <<'EOF'
for file in /etc/profile.d/*.sh; do
  if [ -r "$file" ]; then . "$file"; fi
done
unset file
EOF
cat >"$out/root/.profile" <<'EOF'
PATH=${NIXPACKS_PATH:+$NIXPACKS_PATH:}$PATH
EOF
chmod 0700 "$out/root"

for dir in bin lib lib64 sbin; do
  rm "$out/$dir"
  rmdir --ignore-fail-on-non-empty "$out/usr/$dir"
done
rm -rf "$out"/usr/share/doc "$out"/usr/share/man "$out"/usr/share/locale "$out"/usr/share/info "$out"/usr/share/lintian "$out"/usr/share/bug \
  "$out"/usr/share/bash-completion "$out"/usr/share/perl5 "$out"/usr/share/zsh "$out"/usr/share/gitweb "$out"/usr/share/zoneinfo/posix "$out"/usr/share/zoneinfo/right "$out"/var

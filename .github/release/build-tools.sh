#!/bin/sh
# build-tools.sh tools|compilers DIR: writes to DIR a layer of the build tools, for the distribution that it runs on, Debian or Ubuntu. The layer
# has the tools, certificates and time zones, or the compilers. Root runs it.
set -eu
layer=$1
out=$2
mkdir -p "$out/usr"
for dir in bin lib lib64 sbin; do # of packages that do not know that these are below /usr
  mkdir -p "$out/usr/$dir"
  ln -s "usr/$dir" "$out/$dir"
done

# unpack writes packages, and those that they need and the distribution lacks.
unpack() {
  apt-get clean
  apt-get install -qy --no-install-recommends --download-only "$@"
  for deb in /var/cache/apt/archives/*.deb; do
    case ${deb##*/} in
    # Git needs all of Perl for commands that no build uses. The distribution has Perl's base.
    perl_* | perl-modules-* | libperl* | liberror-perl_*) continue ;;
    # Sanitizers are for tests.
    libasan* | libhwasan* | liblsan* | libtsan* | libubsan*) continue ;;
    esac
    dpkg-deb --fsys-tarfile "$deb" | tar --extract --keep-directory-symlink --no-same-owner --directory="$out"
  done
}

# trim takes out of Git its servers, its mail and its commands in Perl: a build fetches.
trim() (
  cd "$out/usr/lib/git-core"
  rm -f git-daemon git-http-backend git-http-fetch git-http-push git-imap-send git-shell scalar ../../bin/git-shell ../../bin/scalar
  grep -lI '^#!.*perl' ./* | xargs -r rm -f
  ln -sf ../../bin/git git
)

# certificates are found in one file, or by their hashes. Links would lead to files that an app's image has not.
certificates() {
  apt-get install -qy --no-install-recommends ca-certificates openssl
  rm -rf "$out/etc/ssl/certs"
  mkdir -p "$out/etc/ssl/certs"
  cp --dereference /etc/ssl/certs/*.pem "$out/etc/ssl/certs/"
  openssl rehash "$out/etc/ssl/certs"
  cp /etc/ssl/certs/ca-certificates.crt "$out/etc/ssl/certs/"
  rm -rf "$out/etc/ca-certificates" "$out/usr/share/ca-certificates" "$out/usr/sbin/update-ca-certificates"
}

# profile makes a login shell find what phases put on PATH.
profile() {
  mkdir -p "$out/root"
  chmod 0700 "$out/root"
  cat >"$out/etc/profile" <<'EOF'
for file in /etc/profile.d/*.sh; do
  if [ -r "$file" ]; then . "$file"; fi
done
unset file
EOF
  cat >"$out/root/.profile" <<'EOF'
PATH=${NIXPACKS_PATH:+$NIXPACKS_PATH:}$PATH
EOF
}

# lighten takes out of compilers what measures programs and what tests link.
lighten() {
  rm -rf "$out"/usr/bin/*lto-dump* "$out"/usr/bin/*-dwp "$out"/usr/bin/dwp "$out"/usr/bin/*gp*rof* "$out"/usr/lib/*/gprofng "$out"/usr/lib/*/libgprofng* \
    "$out"/usr/lib/gcc/*/*/lib*san*
}

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
case $layer in
tools)
  unpack ca-certificates curl git make openssl pkg-config tzdata unzip xz-utils
  trim
  certificates
  profile
  ;;
compilers)
  unpack binutils g++ gcc libc6-dev
  lighten
  ;;
*)
  echo "$0: there is no layer $layer" >&2
  exit 2
  ;;
esac
# The names that packages give when they are installed.
for pair in cc:gcc c++:g++; do
  if [ -e "$out/usr/bin/${pair#*:}" ]; then ln -s "${pair#*:}" "$out/usr/bin/${pair%:*}"; fi
done

for dir in bin lib lib64 sbin; do
  rm "$out/$dir"
  rmdir --ignore-fail-on-non-empty "$out/usr/$dir"
done
rm -rf "$out"/usr/share/doc "$out"/usr/share/man "$out"/usr/share/locale "$out"/usr/share/info "$out"/usr/share/lintian "$out"/usr/share/bug \
  "$out"/usr/share/bash-completion "$out"/usr/share/perl5 "$out"/usr/share/zsh "$out"/usr/share/gitweb \
  "$out"/usr/share/zoneinfo/posix "$out"/usr/share/zoneinfo/right "$out"/var

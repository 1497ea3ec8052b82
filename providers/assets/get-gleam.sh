#!/bin/sh
# Installs the Gleam compiler of the version that is given, such as 0.28.2.
set -eu

version=${1-}
case $version in
'' | [!0-9A-Za-z]* | *[!0-9A-Za-z.+-]*)
	echo "usage: get-gleam.sh VERSION, such as 0.28.2" >&2
	exit 2
	;;
esac

archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
release=https://github.com/gleam-lang/gleam/releases/download/v$version
wget -O "$archive" "$release/gleam-v$version-$(uname -m)-unknown-linux-musl.tar.gz"
tar -xzf "$archive" -C /usr/bin

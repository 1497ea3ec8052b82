#!/bin/sh
# version.sh VERSION [RELEASED...] refuses what is no semantic version, and prints the shorter ones that follow it: 1.4 and 1 for 1.4.0. For a
# pre-release there are none, and for 0.4.0 only 0.4, as 0 promises nothing. A shorter one never goes back: it is left out if one of the
# released versions below it is higher.
set -eu
version=$1
shift
wrong() {
	echo "version.sh: '$version' is no semantic version, such as 1.4.0 or 2.0.0-rc.1" >&2
	exit 2
}
case $version in *[!0-9A-Za-z.-]*) wrong ;; esac
number='(0|[1-9][0-9]*)'
printf '%s\n' "$version" | grep -Eqx "$number\.$number\.$number(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?" || wrong
case $version in *-*) exit 0 ;; esac
for short in "${version%.*}" "${version%%.*}"; do
	[ "$short" != 0 ] || continue
	highest=$(printf '%s\n' "$version" "$@" | grep -Ex "$number\.$number\.$number" | grep -F "$short." | while read -r other; do
		case $other in "$short".*) echo "$other" ;; esac
	done | sort -V | tail -n 1)
	if [ "$highest" = "$version" ]; then
		echo "$short"
	fi
done

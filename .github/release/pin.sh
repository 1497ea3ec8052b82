#!/bin/sh
# pin.sh IMAGE VERSION DIGEST makes action.yml and the GitLab components of the working directory run the image of that digest.
set -eu
image=$1 version=$2 digest=$3
printf '%s\n' "$digest" | grep -Eqx 'sha256:[0-9a-f]{64}' || {
	echo "pin.sh: '$digest' is no digest" >&2
	exit 2
}
replace() { # FILE LINE LINE: exactly one line becomes another
	if [ "$(grep -cxF -- "$2" "$1")" != 1 ]; then
		echo "pin.sh: $1 has not exactly one line '$2'" >&2
		exit 1
	fi
	awk -v old="$2" -v new="$3" '{ print $0 == old ? new : $0 }' "$1" > "$1.new"
	mv "$1.new" "$1"
}
replace action.yml "  image: Dockerfile" "  image: docker://$image@$digest"
for template in gitlab/templates/*.yml; do
	replace "$template" "      default: $image:1" "      default: $image:$version@$digest"
done

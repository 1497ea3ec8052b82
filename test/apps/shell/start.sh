#!/bin/bash
# Prints what a report of this app is made of.
set -euo pipefail
cd "$(dirname "$0")"
while IFS=, read -r name count; do
  printf '%s: %d\n' "$name" "$((count * 2))"
done <stock.csv

# Makes Debian's Python one that runs wherever it lies, as its upstream's releases do.
# $1: the root of a Debian system; $2: the Python.
set -eu
cd "$2"
find . -type f \( -path '*/bin/*' -o -name '*.so' -o -name '*.so.*' \) | while read -r f; do
  if [ "$(head -c 4 "$f" | tail -c 3)" = ELF ]; then
    up=$(dirname "${f#./}" | sed 's|[^/][^/]*|..|g')
    libexec/patchelf --force-rpath --set-rpath "\$ORIGIN/$up/lib" "$f"
  fi
done
rm -r libexec lib/python3*/config-*/*.a
cp -r include/x86_64-linux-gnu/. include/
rm -r include/x86_64-linux-gnu
for f in lib/python3*/_sysconfigdata*.py; do
  cat >>"$f" <<'EOF'
import sys
build_time_vars['WHEEL_PKG_DIR'] = sys.base_prefix + '/share/python-wheels'
for name in ('INCLUDEPY', 'CONFINCLUDEPY'):
    build_time_vars[name] = build_time_vars[name].replace('/usr', sys.base_prefix, 1)
EOF
done

# Makes Debian's C and C++ compilers ones that run wherever they lie, with the headers of C, and with the machine's C library.
# $1: the root of a Debian system; $2: the compilers, which are the root that they search.
set -eu
cd "$2"
find usr/bin usr/lib/gcc lib -type f \( -perm -u+x -o -name '*.so' -o -name '*.so.*' \) | while read -r f; do
  if [ "$(head -c 4 "$f" | tail -c 3)" = ELF ]; then
    up=$(dirname "$f" | sed 's|[^/][^/]*|..|g')
    libexec/patchelf --force-rpath --set-rpath "\$ORIGIN/$up/lib" "$f"
  fi
done
rm -r libexec usr/bin/*-lto-dump-* usr/lib/gcc/*/*/lto1 usr/lib/gcc/*/*/*san* usr/lib/gcc/*/*/plugin
rmdir bin

# Linker scripts name the C library by its path.
mkdir -p lib/x86_64-linux-gnu lib64
for f in libc.so.6 libm.so.6 libmvec.so.1 libresolv.so.2; do
  ln -s /lib/x86_64-linux-gnu/$f lib/x86_64-linux-gnu/
done
ln -s /lib64/ld-linux-x86-64.so.2 lib64/

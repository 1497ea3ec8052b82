# Adds the target musl to a Rust toolchain, from the sources of its standard library, as "rustup target add" does from an archive.
# $1: the root of a Debian system with the sources, musl and an unwinder; $2: the toolchain.
set -eu
target=x86_64-unknown-linux-musl
to=$2/lib/rustlib/$target/lib
library=$(echo "$1"/usr/src/rustc-*/library)
gcc=$(echo "$1"/usr/lib/gcc/x86_64-linux-gnu/*)
musl=$1/usr/lib/x86_64-linux-musl

LD_LIBRARY_PATH=$2/lib RUSTC=$2/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zforce-unstable-if-unmarked CARGO_HOME=$1/cargo \
  "$2/bin/cargo" build --quiet --release --target $target --features panic-unwind --manifest-path "$library/std/Cargo.toml"
mkdir -p "$to/self-contained"
cp "$library"/target/$target/release/deps/*.rlib "$to"
cd "$to/self-contained"
cp "$musl"/*crt*.o "$musl/libc.a" "$gcc"/crtbegin*.o "$gcc"/crtend*.o .

# The unwinder was compiled for glibc, and calls one function that musl has by another name.
cp "$1/usr/lib/llvm-14/lib/libunwind.a" .
gcc -O2 -U_FORTIFY_SOURCE -x c -c -o print.o - <<'C'
#include <stdarg.h>
#include <stdio.h>
int __fprintf_chk(FILE *file, int flag, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfprintf(file, format, args);
  va_end(args);
  return n;
}
C
ar r libunwind.a print.o
rm print.o

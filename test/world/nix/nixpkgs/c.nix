# Compilers of C and C++, and the tools that call them. A compiler finds its own headers and none of the machine's, and links against the
# machine's C library, which every program here runs with.
final:
let
  inherit (import ./tools.nix final) fetch;
  debian = import ./debian.nix final;

  # What a program was linked against names the small package of libraries, and never the compiler.
  rpath = "-Wl,-rpath,${final.gcc-unwrapped}/lib";

  # Hard links, as the tree is large and most builds have it.
  tree = final.runCommand "gcc-tree" { src = fetch "gcc"; } "cp -al $src $out";

  binaries = [ "ar" "as" "ld" "nm" "objcopy" "objdump" "ranlib" "readelf" "size" "strings" "strip" ];

  link = ''
    for p in ${toString binaries}; do
      ln -s ${tree}/usr/bin/$p $out/bin/$p
    done
  '';

  # A program of C++ loads the compiler's libraries; another one only if it says so.
  wrap = compiler: options: cxx: names: ''
    for p in ${toString names}; do
      cat >$out/bin/$p <<'END'
    #!/bin/bash
    rpath=${if cxx then rpath else ""}
    for a; do
      case $a in -lstdc++ | -lgcc_s) rpath=${rpath} ;; esac
    done
    exec ${compiler} ${options} "$@" $rpath
    END
      chmod +x $out/bin/$p
    done
  '';

  sysroot = "--sysroot=${tree}";
  muslGCC = final.runCommand "musl-dev" { src = fetch "musl"; } ''
    mkdir -p $out/bin
    cp -r $src/include $src/lib $out/
    chmod -R u+w $out
    specs=$out/lib/x86_64-linux-musl/musl-gcc.specs
    sed -i -E "s,/usr/(include|lib)/x86_64-linux-musl,$out/\\1/x86_64-linux-musl,g" $specs
    printf '#!/bin/bash\nexec %s -B%s/usr/bin/ "$@" -specs %s\n' ${ofGCC "gcc"} ${tree} $specs >$out/bin/musl-gcc
    chmod +x $out/bin/musl-gcc
  '';
  ofGCC = name: "${tree}/usr/bin/x86_64-linux-gnu-${name}-12";

  llvm = debian {
    name = "clang-14";
    packages = [ "clang" ];
    programs = { };
  };
  ofClang = name: "${llvm}/libexec/clang-14/usr/lib/llvm-14/bin/${name}";
in
rec {
  gcc = final.runCommand "gcc" { } ''
    mkdir -p $out/bin
    ${link}
    ${wrap (ofGCC "gcc") "${sysroot} -B${tree}/usr/bin/" false [ "gcc" "cc" ]}
    ${wrap (ofGCC "g++") "${sysroot} -B${tree}/usr/bin/" true [ "g++" "c++" ]}
    ${wrap (ofGCC "cpp") sysroot false [ "cpp" ]}
  '';

  binutils = final.runCommand "binutils" { } ''
    mkdir -p $out/bin
    ${link}
  '';

  # What is linked with musl needs nothing of it when it runs.
  musl = final.runCommand "musl" { } "mkdir $out" // { dev = muslGCC; };

  clang = final.runCommand "clang" { } ''
    mkdir -p $out/bin
    ${wrap (ofClang "clang") "-Qunused-arguments ${sysroot} --gcc-toolchain=${tree}/usr -B${tree}/usr/bin/" false [ "clang" ]}
    ${wrap (ofClang "clang++") "-Qunused-arguments ${sysroot} --gcc-toolchain=${tree}/usr -B${tree}/usr/bin/" true [ "clang++" ]}
  '';

  cmake = debian {
    name = "cmake";
    packages = [ "cmake" ];
    programs = { cmake = "usr/bin/cmake"; ctest = "usr/bin/ctest"; cpack = "usr/bin/cpack"; };
  };

  gnumake = debian {
    name = "gnumake";
    packages = [ "make" ];
    programs.make = "usr/bin/make";
  };

  meson = debian {
    name = "meson";
    packages = [ "meson" ];
    programs.meson = "usr/bin/meson";
  };

  ninja = debian {
    name = "ninja";
    packages = [ "ninja-build" ];
    programs.ninja = "usr/bin/ninja";
  };

  pkg-config = debian {
    name = "pkg-config";
    packages = [ "pkg-config" ];
    programs.pkg-config = "usr/bin/pkg-config";
  };
}

{ lib }:
final:
let
  # The machine's own libraries, for programs that were not linked against the Nix store.
  hostLibrary = name: files: final.runCommand name { } ''
    mkdir -p $out/lib
    for f in ${toString files}; do
      cp -L /usr/lib/x86_64-linux-gnu/$f $out/lib/
    done
  '';

  tools = import ./tools.nix final;
in
import ./attributes.nix final // tools // import ./jvm.nix final // import ./php.nix final // import ./small.nix final // import ./c.nix final // rec {
  inherit lib;
  pkgs = final;

  runCommand = name: attrs: script:
    let meta = attrs.meta or { }; in
    builtins.derivation
      ({
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/bash";
        # Without the last line bash would become the last program. Nix kills a builder that closes its output, and some
        # programs do so before they exit.
        args = [ "-euo" "pipefail" "-c" "${script}\n:" ];
        PATH = "/usr/bin:/bin";
      } // removeAttrs attrs [ "meta" ]) // { inherit meta; };

  writeText = name: text: runCommand name { inherit text; } ''printf %s "$text" >$out'';

  writeTextFile = { name, text, destination ? "", executable ? false, ... }:
    runCommand name { inherit text destination; } ''
      file=$out$destination
      mkdir -p "''${file%/*}"
      printf %s "$text" >"$file"
      ${if executable then ''chmod +x "$file"'' else ""}
    '';

  writeShellScriptBin = name: text: writeTextFile {
    inherit name;
    text = "#!/bin/bash\n${text}";
    destination = "/bin/${name}";
    executable = true;
  };

  # Links directories as a whole and opens them only where two packages share one, as nixpkgs' own does.
  buildEnv = { name, paths, meta ? { }, ... }:
    runCommand name
      {
        inherit meta;
        paths = builtins.sort (a: b: lib.priority a < lib.priority b) paths;
      } ''
      shopt -s nullglob dotglob
      link() {
        if [ ! -e "$2" ] && [ ! -L "$2" ]; then
          ln -s "$1" "$2"
        elif [ -d "$1" ] && [ -d "$2" ]; then
          if [ -L "$2" ]; then
            first=$(readlink "$2")
            rm "$2"
            mkdir "$2"
            for f in "$first"/*; do link "$f" "$2/''${f##*/}"; done
          fi
          for f in "$1"/*; do link "$f" "$2/''${f##*/}"; done
        fi
      }
      mkdir $out
      for p in $paths; do
        for f in "$p"/*; do link "$f" "$out/''${f##*/}"; done
      done
    '';

  symlinkJoin = buildEnv;

  zlib = hostLibrary "zlib" [ "libz.so.1" ] // { dev = zlib; };
  libuuid = hostLibrary "libuuid" [ "libuuid.so.1" ];
  gcc-unwrapped = hostLibrary "gcc-unwrapped" [ "libstdc++.so.6" "libgcc_s.so.1" ];
  stdenv.cc.cc.lib = gcc-unwrapped;

  coreutils = runCommand "coreutils" { } "mkdir $out";

  hello = writeShellScriptBin "hello" "echo Hello, world!";
}

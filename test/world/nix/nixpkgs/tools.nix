# Packages around real toolchains, and tool, which overlays use for theirs.
final:
let
  table = builtins.fromJSON (builtins.readFile ./tools.json);

  fetch = name: builtins.fetchTarball {
    url = "@mirror@/tools/${name}.tar";
    inherit name;
  };

  tool = name:
    final.runCommand "${name}-${table.${name}.version}" { src = fetch name; } "cp -al $src $out";

  # Programs from Debian packages bring their libraries along, and find them in the store wherever they are copied to.
  debian = name: script:
    final.runCommand "${name}-${table.${name}.version}" { src = fetch name; } ''
      cp -a $src $out
      chmod -R u+w $out
      find $out -type f \( -path '*/bin/*' -o -name '*.so' -o -name '*.so.*' \) | while read -r f; do
        if [ "$(head -c 4 "$f" | tail -c 3)" = ELF ]; then
          $out/libexec/patchelf --force-rpath --set-rpath $out/lib "$f"
        fi
      done
      rm $out/libexec/patchelf
      ${script}
    '';
in
rec {
  inherit fetch tool;

  nodejs_18 = tool "nodejs_18";
  nodejs_20 = tool "nodejs_20";
  nodejs_22 = tool "nodejs_22";
  nodejs_24 = tool "nodejs_24";
  nodejs_26 = tool "nodejs_26";
  nodejs = nodejs_18;
  bun = tool "bun";

  # Debian has one Python; it goes by every name that a plan can ask for.
  python3 = debian "python3" ''
    sed -i "s|/usr/share/python-wheels|$out/share/python-wheels|" $out/lib/python3*/_sysconfigdata*.py
  '';
  python310 = python3;
  python311 = python3;
  python312 = python3;
  python313 = python3;
  python314 = python3;
  python = python3;

  go_1_18 = tool "go_1_18";
  go_1_19 = tool "go_1_19";
  go_1_20 = tool "go_1_20";
  go_1_21 = tool "go_1_21";
  go_1_22 = tool "go_1_22";
  go_1_23 = tool "go_1_23";
  go_1_24 = tool "go_1_24";
  go_1_25 = tool "go_1_25";
  go_1_26 = tool "go_1_26";
  go_1_27 = tool "go_1_27";
  go = go_1_22;

  deno = tool "deno";

  # For the overlay that names it by version.
  debianRust = debian "rust" "";
  rustc = debianRust;
  cargo = final.runCommand "cargo" { } "mkdir $out"; # with rustc

  caddy = tool "caddy";

  zig = tool "zig";
  zig_0_15 = zig;

  stack = debian "stack" "";

  # Debian's nginx keeps temporary files in a directory that its package makes.
  nginx = debian "nginx" ''
    mkdir -p $out/libexec
    mv $out/bin/nginx $out/libexec/nginx
    printf '#!/bin/bash\nmkdir -p /var/lib/nginx /var/log/nginx\nexec %s/libexec/nginx "$@"\n' $out >$out/bin/nginx
    chmod +x $out/bin/nginx
  '';
}

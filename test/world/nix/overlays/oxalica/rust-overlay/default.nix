# Rust toolchains. Debian has one Rust; it goes by every version that a plan can ask for, and knows two targets.
final: prev:
let
  known = [ "x86_64-unknown-linux-gnu" "x86_64-unknown-linux-musl" ];

  toolchain = { targets ? [ ] }:
    let others = builtins.filter (t: !builtins.elem t known) targets; in
    if others != [ ] then throw "Rust for ${toString others} is not in the miniature nixpkgs"
    else prev.debianRust // { override = toolchain; };

  default = toolchain { };

  # Each minor release with its patches.
  releases = builtins.concatLists
    (builtins.genList (minor: builtins.genList (patch: "1.${toString minor}.${toString patch}") 5) 100);

  # A file of the app, either TOML or a channel alone.
  channel = text:
    let words = builtins.filter builtins.isString (builtins.split "[[:space:]]+" text); in
    if builtins.length (builtins.filter (w: w != "") words) == 1 then builtins.head words
    else (builtins.fromTOML text).toolchain.channel;
in
{
  rust-bin = {
    stable = builtins.listToAttrs (map (name: { inherit name; value = { inherit default; }; }) (releases ++ [ "latest" ]));
    fromRustupToolchainFile = file:
      let name = channel (builtins.readFile file); in
      if name == "stable" || builtins.match "1\\.[0-9]+(\\.[0-9]+)?" name != null then default
      else throw "Rust ${name} is not in the miniature nixpkgs";
  };
}

# A miniature nixpkgs: what generated expressions use, with real toolchains behind the packages.
#
# It needs nothing but Nix and the base image: the builder of every derivation is the image's bash, so the sandbox must
# be off. Toolchains come from the mirror that served this archive, each when an expression first asks for it.
{ overlays ? [ ], config ? { }, ... }:
let
  lib = import ./lib.nix;
  extend = packages: overlay: final:
    let prev = packages final; in prev // overlay final prev;
in
lib.fix (builtins.foldl' extend (import ./packages.nix { inherit lib; }) overlays)

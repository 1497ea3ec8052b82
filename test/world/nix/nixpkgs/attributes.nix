# The attributes of the table attributes.json. Each is made of Debian packages, goes by another name that is here, is a tool, or is said to be
# absent.
final:
let
  table = (builtins.fromJSON (builtins.readFile ./attributes.json)).attributes;

  # The libraries and headers are where those of nixpkgs are, so that compilers and programs find them.
  package = name: { debian, programs ? [ ] }:
    let
      made = import ./debian.nix final {
        inherit name;
        packages = debian;
        programs = builtins.listToAttrs (map (program: { name = program; value = "usr/bin/${program}"; }) programs);
        install = ''
          mkdir -p $out/lib/pkgconfig
          for f in $tree/usr/lib/x86_64-linux-gnu/*.so $tree/usr/lib/x86_64-linux-gnu/*.so.*; do
            [ ! -e $f ] || ln -s $f $out/lib/
          done
          for f in $tree/usr/lib/x86_64-linux-gnu/pkgconfig/*.pc $tree/usr/share/pkgconfig/*.pc; do
            [ ! -e $f ] || sed "s|=/usr|=$tree/usr|" $f >$out/lib/pkgconfig/''${f##*/}
          done
          mkdir $out/include
          for dir in $tree/usr/include $tree/usr/include/x86_64-linux-gnu; do
            [ ! -d $dir ] || cp -rs $dir/. $out/include/
          done
        '';
      };
    in
    made // { dev = made; lib = made; out = made; pg_config = made; };

  attribute = name: row:
    if row ? debian then package name row
    else if row ? is then final.${row.is}
    else if row ? tool then final.tool row.tool
    else throw "${name} is not in the miniature nixpkgs: ${row.absent}";
in
builtins.mapAttrs attribute table // {
  javaPackages.compiler.temurin-bin.jdk-25 = final.jdk;

  # Each Erlang has every Elixir.
  beam.packages = builtins.listToAttrs (map
    (name: { inherit name; value = { inherit (final) elixir elixir_1_12 elixir_1_13 elixir_1_14 elixir_1_15 elixir_1_16 elixir_1_17 elixir_1_18 elixir_1_19 elixir_1_20; }; })
    [ "erlang_24" "erlang_25" "erlang_26" "erlang_27" "erlang_28" ]);
}

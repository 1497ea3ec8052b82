# Languages that Debian has one release of, which goes by every name that a plan can ask for.
final:
let
  debian = import ./debian.nix final;

  # The C compiler that a compiler's package depends on comes along in its closure. The C library is the image's.
  compiler = ''
    rm $tree/usr/bin/*-lto-dump-* $tree/usr/lib/gcc/x86_64-linux-gnu/*/lto1
    lib=$tree/usr/lib/x86_64-linux-gnu
    printf '#!/bin/bash\nexec %s/usr/bin/gcc -B%s/usr/bin -B%s -isystem %s/usr/include -isystem %s/usr/include/x86_64-linux-gnu "$@" -L%s -Wl,-rpath,%s\n' \
      $tree $tree $lib $tree $tree $lib $lib >$tree/cc
    chmod +x $tree/cc
  '';

  guile = debian {
    name = "guile-3.0";
    packages = [ "guile-3.0" ];
    programs.guile = "usr/bin/guile-3.0";
    setup = ''
      export GUILE_SYSTEM_PATH=$tree/usr/share/guile/3.0
      export GUILE_SYSTEM_COMPILED_PATH=$tree/usr/lib/x86_64-linux-gnu/guile/3.0/ccache
      export GUILE_SYSTEM_EXTENSIONS_PATH=$tree/usr/lib/x86_64-linux-gnu/guile/3.0/extensions
    '';
  };

  elixir = debian {
    name = "elixir-1.14";
    packages = [ "elixir" ];
    programs = { elixir = "usr/bin/elixir"; elixirc = "usr/bin/elixirc"; iex = "usr/bin/iex"; mix = "usr/bin/mix"; };
    setup = "export PATH=$tree/usr/lib/erlang/bin:$PATH";
  };

  cobol = debian {
    name = "gnu-cobol-3.1";
    packages = [ "gnucobol3" ];
    programs = { cobc = "usr/bin/cobc"; cobcrun = "usr/bin/cobcrun"; };
    setup = "export COB_CONFIG_DIR=$tree/etc/gnucobol COB_CC=$tree/cc COB_CFLAGS= COB_LDFLAGS=";
    install = compiler;
  };
in
{
  gnu-cobol = cobol;
  gnucobol = cobol; # its name in newer archives

  crystal = debian {
    name = "crystal-1.6";
    packages = [ "crystal" ];
    programs.crystal = "usr/bin/crystal";
    setup = ''
      export CC=$tree/cc CRYSTAL_PATH=lib:$tree/usr/lib/crystal/lib CRYSTAL_LIBRARY_PATH=$tree/usr/lib/x86_64-linux-gnu
    '';
    install = compiler;
  };

  hugo = debian {
    name = "hugo";
    packages = [ "hugo" ];
    programs.hugo = "usr/bin/hugo";
  };

  inherit guile elixir;
  elixir_1_9 = elixir;
  elixir_1_10 = elixir;
  elixir_1_11 = elixir;
  elixir_1_12 = elixir;
  elixir_1_13 = elixir;
  elixir_1_14 = elixir;
  elixir_1_15 = elixir;
  elixir_1_16 = elixir;
  elixir_1_17 = elixir;
  elixir_1_18 = elixir;
  elixir_1_19 = elixir;
  elixir_1_20 = elixir;
}

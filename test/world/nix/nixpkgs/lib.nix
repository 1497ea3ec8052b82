rec {
  fix = f: let x = f x; in x;

  getLib = p: p.lib or p.out or p;

  makeSearchPath = dir: paths: builtins.concatStringsSep ":" (map (p: "${p}/${dir}") paths);

  makeLibraryPath = paths: makeSearchPath "lib" (map getLib paths);

  makeBinPath = makeSearchPath "bin";

  # Where two packages have the same file, the one with the lower priority number wins; nixpkgs' default is 5.
  setPrio = priority: p: p // { meta = (p.meta or { }) // { inherit priority; }; };

  hiPrio = setPrio (-10);

  priority = p: p.meta.priority or 5;
}

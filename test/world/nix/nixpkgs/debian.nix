# A closure of Debian packages as a package: all their files in libexec/NAME, in their own layout, and the programs that
# are asked for in bin.
final:
{ name
, packages # of Debian
, programs # name to path in the closure
, setup ? "" # shell, before a program: $tree is the closure, for the paths that a program has inside
, install ? "" # shell, with $tree and $out, after the closure is in place
}:
final.runCommand name
{
  inherit setup;
  src = builtins.fetchTarball {
    url = "@mirror@/debian/${builtins.concatStringsSep "," packages}.tar";
    inherit name;
  };
} ''
  tree=$out/libexec/${name}
  mkdir -p $out/bin $out/libexec
  cp -a $src $tree
  chmod -R u+w $tree
  cd $tree
  xargs -r -d '\n' sed -i "s|@tree@|$tree|g" <texts
  xargs -r -d "\n" $src/usr/bin/patchelf --force-rpath --add-rpath $tree/usr/lib/x86_64-linux-gnu:$tree/usr/lib <programs
  rm texts programs usr/bin/patchelf
  wrap() {
    printf '#!/bin/bash\ntree=%s\n%s\nexec "$tree/%s" "$@"\n' "$tree" "$setup" "$2" >$out/bin/$1
    chmod +x $out/bin/$1
  }
  ${builtins.concatStringsSep "\n" (map (p: "wrap ${p} ${programs.${p}}") (builtins.attrNames programs))}
  ${install}
''

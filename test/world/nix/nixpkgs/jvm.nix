# Java and what runs on it, from Debian.
final:
let
  debian = import ./debian.nix final;

  # Debian has one Java; it goes by every name that a plan can ask for.
  home = "usr/lib/jvm/java-17-openjdk-amd64";
  jdk = debian {
    name = "openjdk-17";
    packages = [ "openjdk-17-jdk-headless" ];
    programs = builtins.listToAttrs
      (map (name: { inherit name; value = "${home}/bin/${name}"; }) [ "java" "javac" "jar" "jlink" "keytool" ]);
    install = "rm -r $tree/${home}/jmods; ln -s $tree/${home} $out/lib";
  };
in
{
  inherit jdk;
  jdk8 = jdk;
  jdk11 = jdk;
  jdk17 = jdk;
  jdk20 = jdk;
  jdk21 = jdk;
}

# Java from Debian, and what runs on it from the repository of Maven.
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
    install = "mkdir $out/lib; ln -s $tree/${home} $out/lib/openjdk";
  } // { home = "${jdk}/lib/openjdk"; };

  # The file of a GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER].
  artifact = "@mirror@/maven/";

  maven = final.runCommand "maven-3.9.9"
    {
      src = builtins.fetchTarball {
        url = "${artifact}org.apache.maven:apache-maven:3.9.9:tar.gz:bin";
        name = "maven";
      };
    } ''
    mkdir -p $out/bin
    printf '#!/bin/bash\nexport JAVA_HOME=''${JAVA_HOME:-%s}\nexec %s/bin/mvn "$@"\n' ${jdk.home} $src >$out/bin/mvn
    chmod +x $out/bin/mvn
  '';

  sbt = { jre }: final.runCommand "sbt-1.10.7"
    {
      launcher = builtins.fetchurl {
        url = "${artifact}org.scala-sbt:sbt-launch:1.10.7:jar";
        name = "sbt-launch.jar";
      };
    } ''
    mkdir -p $out/bin
    printf '#!/bin/bash\nexec %s/bin/java -Xss4m -jar %s "$@"\n' ${jre} $launcher >$out/bin/sbt
    chmod +x $out/bin/sbt
  '' // { override = changes: sbt ({ inherit jre; } // changes); };

  # Debian's bring a Java of their own, which is left out.
  onJava = name: program: setup: debian {
    inherit name;
    packages = [ name ];
    programs.${program} = "usr/bin/${program}";
    setup = "export JAVA_CMD=\${JAVA_CMD:-${jdk}/bin/java} JAVA_HOME=\${JAVA_HOME:-${jdk.home}}\n" + setup;
    install = "rm -rf $tree/usr/lib/jvm";
  };

  leiningen = onJava "leiningen" "lein" "";

  # Its classes name the directories of its modules.
  gradle = onJava "gradle" "gradle" ''
    for dir in gradle java maven-repo; do
      [ -e /usr/share/$dir ] || ln -s $tree/usr/share/$dir /usr/share/$dir
    done
  '';
in
{
  inherit jdk maven leiningen gradle;
  gradle_7 = gradle;
  gradle_8 = gradle;
  gradle_9 = gradle;
  sbt = sbt { jre = jdk; };
  jdk8 = jdk;
  jdk11 = jdk;
  jdk17 = jdk;
  jdk20 = jdk;
  jdk21 = jdk;
  jdk25 = jdk;
  jre = jdk;
}

# PHP from Debian, with the functions that plans use to choose extensions.
final:
let
  debian = import ./debian.nix final;

  # Extensions, and the packages that they are in.
  table = (builtins.fromJSON (builtins.readFile ./attributes.json)).phpExtensions;
  enabled = [
    "ctype" "curl" "dom" "fileinfo" "iconv" "mbstring" "opcache" "pdo" "phar" "posix" "simplexml" "tokenizer" "xml" "xmlreader"
    "xmlwriter"
  ];

  # Plans install extensions as packages too, for their libraries, which are with PHP here.
  extension = name: final.runCommand "php-${name}" { } "mkdir $out" // {
    extension = name;
    packages = table.${name}.debian;
  };
  all = builtins.mapAttrs (name: row: if row ? absent then throw "the PHP extension ${name} is not in the miniature nixpkgs: ${row.absent}" else extension name) table;

  unique = list: builtins.attrNames (builtins.listToAttrs (map (name: { inherit name; value = null; }) list));

  withExtensions = choose:
    let extensions = choose { inherit all; enabled = map extension enabled; }; in
    debian
      {
        name = "php-8.2";
        packages = [ "php8.2-fpm" ] ++ unique (builtins.concatMap (e: e.packages) extensions);
        programs = { php = "usr/bin/php8.2"; php-fpm = "usr/sbin/php-fpm8.2"; };
        setup = ''export PHPRC=$tree/etc/php PHP_INI_SCAN_DIR=$tree/etc/php/conf.d'';
        # What is loaded first says so in its settings.
        install = ''
          conf=$tree/etc/php/conf.d
          mkdir -p $conf
          echo extension_dir=$(echo $tree/usr/lib/php/2*) >$conf/00-extension_dir.ini
          for name in ${toString (unique (map (e: e.extension) extensions))}; do
            for ini in $tree/usr/share/php8.2-*/*/$name.ini; do
              cp $ini $conf/$(sed -n 's/^; priority=//p' $ini)-$name.ini
            done
          done
        '';
      } // { inherit withExtensions; };

  php = withExtensions (pe: pe.enabled);

  # Debian's Composer lies in many packages, which PHP finds by its include path.
  composer = debian {
    name = "composer";
    packages = [ "composer" ];
    programs = { };
    install = ''
      printf '#!/bin/bash\nexec %s/bin/php -d include_path=.:%s/usr/share/php %s/usr/bin/composer "$@"\n' ${php} $tree $tree >$out/bin/composer
      chmod +x $out/bin/composer
    '';
  };
in
rec {
  # Debian has one PHP; it goes by every name that a plan can ask for.
  inherit php;
  php74 = php;
  php80 = php;
  php81 = php;
  php82 = php;
  php83 = php;
  php84 = php;
  php85 = php;
  phpPackages = { inherit composer; extensions = all; };
  php74Packages = phpPackages;
  php80Packages = phpPackages;
  php81Packages = phpPackages;
  php82Packages = phpPackages;
  php83Packages = phpPackages;
  php84Packages = phpPackages;
  php85Packages = phpPackages;
  phpExtensions = all;
  php74Extensions = all;
  php80Extensions = all;
  php81Extensions = all;
  php82Extensions = all;
  php83Extensions = all;
  php84Extensions = all;
  php85Extensions = all;
}

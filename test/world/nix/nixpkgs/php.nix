# PHP from Debian, with the functions that plans use to choose extensions.
final:
let
  debian = import ./debian.nix final;

  # Extensions that are packages of their own; the others are in php8.2-common or in the program.
  packaged = [
    "bcmath" "curl" "gd" "intl" "mbstring" "mongodb" "mysqli" "opcache" "pdo_mysql" "pdo_pgsql" "pdo_sqlite" "pgsql" "redis"
    "dom" "simplexml" "sqlite3" "xml" "xmlreader" "xmlwriter" "zip"
  ];
  packageOf = {
    mysqli = "mysql"; pdo_mysql = "mysql"; pdo_pgsql = "pgsql"; pdo_sqlite = "sqlite3";
    dom = "xml"; simplexml = "xml"; xmlreader = "xml"; xmlwriter = "xml";
  };
  shared = [
    "calendar" "ctype" "exif" "ffi" "fileinfo" "ftp" "gettext" "iconv" "pdo" "phar" "posix" "shmop" "sockets" "sysvmsg" "sysvsem"
    "sysvshm" "tokenizer"
  ];
  enabled = [
    "ctype" "curl" "dom" "fileinfo" "iconv" "mbstring" "opcache" "pdo" "phar" "posix" "simplexml" "tokenizer" "xml" "xmlreader"
    "xmlwriter"
  ];

  # Plans install extensions as packages too, for their libraries, which are with PHP here.
  extension = name: final.runCommand "php-${name}" { } "mkdir $out" // {
    extension = name;
    packages = if builtins.elem name packaged then [ "php8.2-${packageOf.${name} or name}" ] else [ ];
  };
  all = builtins.listToAttrs (map (name: { inherit name; value = extension name; }) (packaged ++ shared));

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
  php80 = php;
  php81 = php;
  php82 = php;
  php83 = php;
  php84 = php;
  php85 = php;
  phpPackages = { inherit composer; extensions = all; };
  php80Packages = phpPackages;
  php81Packages = phpPackages;
  php82Packages = phpPackages;
  php83Packages = phpPackages;
  php84Packages = phpPackages;
  php85Packages = phpPackages;
  phpExtensions = all;
  php80Extensions = all;
  php81Extensions = all;
  php82Extensions = all;
  php83Extensions = all;
  php84Extensions = all;
  php85Extensions = all;

  libmysqlclient = debian {
    name = "libmysqlclient";
    packages = [ "libmariadb3" ];
    programs = { };
    install = "mkdir $out/lib && ln -s $tree/usr/lib/x86_64-linux-gnu/libmariadb.so.3 $out/lib/libmysqlclient.so";
  };
}

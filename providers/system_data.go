package providers

// debianNames are the names in Debian 11 that differ by more than the size of time.
var debianNames = map[string]string{
	"libgdal34t64":             "libgdal28",
	"libharfbuzz-subset0":      "libharfbuzz0b",
	"libicu74":                 "libicu67",
	"libldap-dev":              "libldap2-dev",
	"libldap2":                 "libldap-2.4-2",
	"libmagickwand-6.q16-7t64": "libmagickwand-6.q16-6",
	"libmysqlclient21":         "libmariadb3",
	"libssl3t64":               "libssl1.1",
}

// chromiumLibraries are what a Chromium loads that a package downloads: Playwright's own list for Ubuntu 24.04, with fonts for the scripts of the
// world.
var chromiumLibraries = []string{
	"libasound2t64", "libatk-bridge2.0-0t64", "libatk1.0-0t64", "libatspi2.0-0t64", "libcairo2", "libcups2t64", "libdbus-1-3", "libdrm2", "libgbm1",
	"libglib2.0-0t64", "libnspr4", "libnss3", "libpango-1.0-0", "libx11-6", "libxcb1", "libxcomposite1", "libxdamage1", "libxext6", "libxfixes3",
	"libxkbcommon0", "libxrandr2",
	"fonts-freefont-ttf", "fonts-liberation", "fonts-noto-color-emoji",
}

// systemCompilers compile a package against libraries of the distribution, whose headers a compiler of nixpkgs does not find.
var systemCompilers = map[ecosystem][]string{npm: {"build-essential", "python3"}, pypi: {"build-essential"}}

// systemNeeds is the one table of what packages need, for all languages. To add a package, write its name into a row, or a row.
var systemNeeds = []systemNeed{
	{
		what:     "the client library of PostgreSQL",
		packages: map[ecosystem][]string{pypi: {"psycopg2", "psycopg-c"}, npm: {"pg-native", "libpq"}, rubygems: {"pg"}, cratesIO: {"pq-sys"}},
		unless:   []string{"pq-src"},
		build:    systemPackages{apt: []string{"libpq-dev"}, nix: []string{"(postgresql.pg_config or postgresql)"}},
		run:      systemPackages{apt: []string{"libpq5"}, libs: []string{"(pkgs.libpq or postgresql.lib)"}},
	},
	{
		what:     "the client library of PostgreSQL when it runs",
		packages: map[ecosystem][]string{pypi: {"psycopg"}},
		unless:   []string{"psycopg-binary"},
		run:      systemPackages{apt: []string{"libpq5"}, libs: []string{"(pkgs.libpq or postgresql.lib)"}},
	},
	{
		what:     "the client library of MySQL",
		packages: map[ecosystem][]string{pypi: {"mysqlclient"}, rubygems: {"mysql2"}, cratesIO: {"mysqlclient-sys"}},
		unless:   []string{"mysqlclient-src"},
		build: systemPackages{
			apt: []string{"default-libmysqlclient-dev", "pkg-config"}, nix: []string{"(libmysqlclient.dev or libmysqlclient)", "pkg-config"},
		},
		run: systemPackages{apt: []string{"libmysqlclient21"}, libs: []string{"libmysqlclient"}},
	},
	{
		what:     "ODBC",
		packages: map[ecosystem][]string{pypi: {"pyodbc"}, npm: {"odbc"}, rubygems: {"ruby-odbc"}},
		build:    systemPackages{apt: []string{"unixodbc-dev"}, nix: []string{"unixODBC"}},
		run:      systemPackages{apt: []string{"unixodbc"}, libs: []string{"unixODBC"}},
	},
	{
		what:     "OpenLDAP",
		packages: map[ecosystem][]string{pypi: {"python-ldap"}},
		build: systemPackages{
			apt: []string{"libldap-dev", "libsasl2-dev"}, nix: []string{"(openldap.dev or openldap)", "(cyrus_sasl.dev or cyrus_sasl)"},
		},
		run: systemPackages{apt: []string{"libldap2", "libsasl2-2"}, libs: []string{"openldap", "cyrus_sasl"}},
	},
	{
		what:     "Kerberos",
		packages: map[ecosystem][]string{pypi: {"gssapi", "kerberos", "pykerberos"}},
		build:    systemPackages{apt: []string{"libkrb5-dev"}, nix: []string{"(libkrb5.dev or libkrb5)"}},
		run:      systemPackages{apt: []string{"libgssapi-krb5-2"}, libs: []string{"libkrb5"}},
	},
	{
		what:     "libxml2 and libxslt where no built release of it fits",
		packages: map[ecosystem][]string{pypi: {"lxml"}},
		build: systemPackages{
			apt: []string{"libxml2-dev", "libxslt1-dev", "zlib1g-dev"}, nix: []string{"(libxml2.dev or libxml2)", "(libxslt.dev or libxslt)", "(zlib.dev or zlib)"},
		},
		run: systemPackages{apt: []string{"libxml2", "libxslt1.1"}, libs: []string{"libxml2", "libxslt"}},
	},
	{
		what:     "xmlsec",
		packages: map[ecosystem][]string{pypi: {"xmlsec"}},
		build: systemPackages{
			apt: []string{"libxmlsec1-dev", "pkg-config"}, nix: []string{"(xmlsec.dev or xmlsec)", "pkg-config"},
		},
		run: systemPackages{apt: []string{"libxmlsec1t64-openssl"}, libs: []string{"xmlsec"}},
	},
	{
		what:     "libGL and GLib",
		packages: map[ecosystem][]string{pypi: {"opencv-python", "opencv-contrib-python"}},
		run:      systemPackages{apt: []string{"libgl1", "libglib2.0-0t64"}, libs: []string{"libGL", "glib"}},
	},
	{
		what:     "Pango and HarfBuzz",
		packages: map[ecosystem][]string{pypi: {"weasyprint"}},
		run: systemPackages{
			apt: []string{"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"}, libs: []string{"pango", "harfbuzz", "glib", "fontconfig"},
		},
	},
	{
		what:     "Cairo to be compiled",
		packages: map[ecosystem][]string{pypi: {"pycairo"}, rubygems: {"cairo"}},
		build:    systemPackages{apt: []string{"libcairo2-dev", "pkg-config"}, nix: []string{"(cairo.dev or cairo)", "pkg-config"}},
		run:      systemPackages{apt: []string{"libcairo2"}, libs: []string{"cairo"}},
	},
	{
		what:     "Cairo",
		packages: map[ecosystem][]string{pypi: {"cairocffi", "cairosvg"}},
		run:      systemPackages{apt: []string{"libcairo2"}, libs: []string{"cairo"}},
	},
	{
		what:     "libuuid and libGL",
		packages: map[ecosystem][]string{npm: {"canvas"}},
		run:      systemPackages{apt: []string{"libuuid1", "libgl1"}, libs: []string{"libuuid", "libGL"}},
	},
	{
		what:     "the C++ library",
		packages: map[ecosystem][]string{npm: {"sharp"}},
		run:      systemPackages{libs: []string{"gcc-unwrapped"}},
	},
	{
		what: "compilers where no built release of it fits",
		packages: map[ecosystem][]string{npm: {
			"bcrypt", "better-sqlite3", "isolated-vm", "node-expat", "node-pty", "re2", "sqlite3", "zeromq",
		}},
		build: systemPackages{apt: []string{"build-essential"}},
		run:   systemPackages{apt: []string{"libstdc++6"}},
	},
	{
		what:     "OpenSSL as a program and as a library",
		packages: map[ecosystem][]string{npm: {"prisma", "@prisma/client"}},
		run:      systemPackages{apt: []string{"openssl", "libssl3t64"}, nix: []string{"openssl"}, libs: []string{"openssl"}},
	},
	{
		what:     "ImageMagick",
		packages: map[ecosystem][]string{pypi: {"wand"}, rubygems: {"rmagick", "mini_magick"}},
		build:    systemPackages{apt: []string{"libmagickwand-dev"}, nix: []string{"(imagemagick.dev or imagemagick)"}},
		run:      systemPackages{apt: []string{"imagemagick", "libmagickwand-6.q16-7t64"}, nix: []string{"imagemagick"}, libs: []string{"imagemagick"}},
	},
	{
		what:     "libvips",
		packages: map[ecosystem][]string{pypi: {"pyvips"}, rubygems: {"ruby-vips"}},
		run:      systemPackages{apt: []string{"libvips42t64"}, libs: []string{"vips", "glib"}},
	},
	{
		what:     "ICU",
		packages: map[ecosystem][]string{pypi: {"pyicu"}, rubygems: {"charlock_holmes"}},
		build:    systemPackages{apt: []string{"libicu-dev", "pkg-config"}, nix: []string{"(icu.dev or icu)"}},
		run:      systemPackages{apt: []string{"libicu74"}, libs: []string{"icu"}},
	},
	{
		what:     "libcurl",
		packages: map[ecosystem][]string{rubygems: {"ethon"}},
		run:      systemPackages{apt: []string{"libcurl4t64"}, libs: []string{"curl"}},
	},
	{
		what:     "libmagic",
		packages: map[ecosystem][]string{pypi: {"python-magic"}},
		run:      systemPackages{apt: []string{"libmagic1t64"}, libs: []string{"file"}},
	},
	{
		what:     "ZBar",
		packages: map[ecosystem][]string{pypi: {"pyzbar"}},
		run:      systemPackages{apt: []string{"libzbar0t64"}, libs: []string{"zbar"}},
	},
	{
		what:     "ALSA",
		packages: map[ecosystem][]string{cratesIO: {"alsa-sys"}},
		build:    systemPackages{nix: []string{"(alsa-lib.dev or alsa-lib)", "pkg-config"}},
		run:      systemPackages{libs: []string{"alsa-lib"}},
	},
	{
		what:     "Fontconfig",
		packages: map[ecosystem][]string{cratesIO: {"yeslogic-fontconfig-sys"}},
		build:    systemPackages{nix: []string{"(fontconfig.dev or fontconfig)", "pkg-config"}},
		run:      systemPackages{libs: []string{"fontconfig"}},
	},
	{
		what:     "the compiler of Protocol Buffers",
		packages: map[ecosystem][]string{cratesIO: {"prost-build"}},
		unless:   []string{"protoc-bin-vendored", "protobuf-src"},
		build:    systemPackages{programs: []string{"protobuf"}},
	},
	{
		what:     "what builds OpenSSL from its sources",
		packages: map[ecosystem][]string{cratesIO: {"openssl-src"}},
		build:    systemPackages{programs: []string{"perl", "gnumake"}},
	},
	{
		what:     "CMake",
		packages: map[ecosystem][]string{cratesIO: {"cmake"}},
		build:    systemPackages{programs: []string{"cmake", "gnumake"}},
	},
	{
		what:     "PortAudio",
		packages: map[ecosystem][]string{pypi: {"pyaudio"}},
		build:    systemPackages{apt: []string{"portaudio19-dev"}, nix: []string{"portaudio"}},
		run:      systemPackages{apt: []string{"libportaudio2"}, libs: []string{"portaudio"}},
	},
	{
		what:     "GDAL",
		packages: map[ecosystem][]string{pypi: {"gdal"}},
		build:    systemPackages{apt: []string{"libgdal-dev"}, nix: []string{"gdal"}},
		run:      systemPackages{apt: []string{"libgdal34t64"}, libs: []string{"gdal"}},
	},
	{
		what: "FFmpeg",
		packages: map[ecosystem][]string{
			pypi: {"pydub", "ffmpeg-python"}, npm: {"fluent-ffmpeg"}, rubygems: {"streamio-ffmpeg"}, packagist: {"php-ffmpeg/php-ffmpeg"},
		},
		run: systemPackages{programs: []string{"ffmpeg-headless"}},
	},
	{
		what:     "the programs of Poppler",
		packages: map[ecosystem][]string{pypi: {"pdf2image"}, packagist: {"spatie/pdf-to-text"}},
		run:      systemPackages{programs: []string{"(pkgs.poppler-utils or poppler_utils)"}},
	},
	{
		what: "Tesseract",
		packages: map[ecosystem][]string{
			pypi: {"pytesseract"}, npm: {"node-tesseract-ocr"}, rubygems: {"rtesseract"}, packagist: {"thiagoalessio/tesseract_ocr"},
		},
		run: systemPackages{debs: []string{"tesseract-ocr"}},
	},
	{
		what:     "Graphviz",
		packages: map[ecosystem][]string{pypi: {"graphviz", "pydot"}, rubygems: {"ruby-graphviz"}},
		run:      systemPackages{debs: []string{"graphviz"}},
	},
	{
		what: "wkhtmltopdf",
		packages: map[ecosystem][]string{
			pypi: {"pdfkit", "imgkit"}, npm: {"wkhtmltopdf"}, packagist: {"knplabs/knp-snappy"},
		},
		run: systemPackages{debs: []string{"wkhtmltopdf"}},
	},
	{
		what:     "the libraries of its Chromium",
		packages: map[ecosystem][]string{npm: {"puppeteer"}},
		run:      systemPackages{debs: chromiumLibraries},
	},
	{
		what:      "Chromium and its libraries",
		packages:  map[ecosystem][]string{pypi: {"playwright"}, npm: {"playwright", "playwright-chromium"}},
		direct:    true,
		run:       systemPackages{debs: chromiumLibraries},
		variables: map[string]string{"PLAYWRIGHT_BROWSERS_PATH": "/opt/playwright"},
		command:   "playwright install chromium",
	},
}

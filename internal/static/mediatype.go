package static

import "path"

// A kind is a media type, and whether a build compresses files of it.
type kind struct {
	name         string
	compressible bool
}

const utf8 = "; charset=utf-8"

// mediaTypes holds the media type of each extension, from IANA's register where that has one. It is all that the server knows: a machine's
// /etc/mime.types would make the same image answer differently.
var mediaTypes = map[string]kind{
	".html":  {"text/html" + utf8, true},
	".htm":   {"text/html" + utf8, true},
	".xhtml": {"application/xhtml+xml", true},
	".css":   {"text/css" + utf8, true},
	".js":    {"text/javascript" + utf8, true},
	".mjs":   {"text/javascript" + utf8, true},
	".cjs":   {"text/javascript" + utf8, true},
	".wasm":  {"application/wasm", true},

	".json":        {"application/json", true},
	".map":         {"application/json", true},
	".jsonld":      {"application/ld+json", true},
	".geojson":     {"application/geo+json", true},
	".topojson":    {"application/json", true},
	".webmanifest": {"application/manifest+json", true},
	".ndjson":      {"application/x-ndjson", true},
	".xml":         {"text/xml" + utf8, true},
	".xsl":         {"text/xml" + utf8, true},
	".xslt":        {"application/xslt+xml", true},
	".rss":         {"application/rss+xml", true},
	".atom":        {"application/atom+xml", true},
	".yaml":        {"application/yaml", true},
	".yml":         {"application/yaml", true},
	".toml":        {"application/toml", true},

	".txt":  {"text/plain" + utf8, true},
	".text": {"text/plain" + utf8, true},
	".log":  {"text/plain" + utf8, true},
	".md":   {"text/markdown" + utf8, true},
	".csv":  {"text/csv" + utf8, true},
	".tsv":  {"text/tab-separated-values" + utf8, true},
	".ics":  {"text/calendar" + utf8, true},
	".vcf":  {"text/vcard" + utf8, true},
	".vtt":  {"text/vtt" + utf8, true},
	".srt":  {"application/x-subrip", true},
	".glsl": {"text/plain" + utf8, true},
	".rtf":  {"application/rtf", true},

	".svg":  {"image/svg+xml", true},
	".ico":  {"image/vnd.microsoft.icon", true},
	".bmp":  {"image/bmp", true},
	".png":  {"image/png", false},
	".apng": {"image/apng", false},
	".jpg":  {"image/jpeg", false},
	".jpeg": {"image/jpeg", false},
	".gif":  {"image/gif", false},
	".webp": {"image/webp", false},
	".avif": {"image/avif", false},
	".heic": {"image/heic", false},
	".jxl":  {"image/jxl", false},
	".tif":  {"image/tiff", false},
	".tiff": {"image/tiff", false},

	".woff":  {"font/woff", false},
	".woff2": {"font/woff2", false},
	".ttf":   {"font/ttf", true},
	".otf":   {"font/otf", true},
	".ttc":   {"font/collection", true},
	".eot":   {"application/vnd.ms-fontobject", true},

	".mp3":  {"audio/mpeg", false},
	".m4a":  {"audio/mp4", false},
	".aac":  {"audio/aac", false},
	".ogg":  {"audio/ogg", false},
	".oga":  {"audio/ogg", false},
	".opus": {"audio/ogg", false},
	".flac": {"audio/flac", false},
	".wav":  {"audio/wav", false},
	".weba": {"audio/webm", false},
	".mid":  {"audio/midi", false},

	".mp4":  {"video/mp4", false},
	".m4v":  {"video/mp4", false},
	".webm": {"video/webm", false},
	".ogv":  {"video/ogg", false},
	".mov":  {"video/quicktime", false},
	".avi":  {"video/x-msvideo", false},
	".mkv":  {"video/matroska", false},
	".ts":   {"video/mp2t", false},
	".m3u8": {"application/vnd.apple.mpegurl", true},
	".mpd":  {"application/dash+xml", true},

	".gltf":    {"model/gltf+json", true},
	".glb":     {"model/gltf-binary", false},
	".usdz":    {"model/vnd.usdz+zip", false},
	".stl":     {"model/stl", true},
	".obj":     {"model/obj", true},
	".pmtiles": {"application/vnd.pmtiles", false},

	".pdf":  {"application/pdf", false},
	".epub": {"application/epub+zip", false},
	".doc":  {"application/msword", false},
	".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
	".xls":  {"application/vnd.ms-excel", false},
	".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
	".ppt":  {"application/vnd.ms-powerpoint", false},
	".pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", false},
	".odt":  {"application/vnd.oasis.opendocument.text", false},
	".ods":  {"application/vnd.oasis.opendocument.spreadsheet", false},
	".odp":  {"application/vnd.oasis.opendocument.presentation", false},

	".zip": {"application/zip", false},
	".gz":  {"application/gzip", false},
	".tgz": {"application/gzip", false},
	".br":  {"application/octet-stream", false},
	".zst": {"application/zstd", false},
	".bz2": {"application/x-bzip2", false},
	".xz":  {"application/x-xz", false},
	".tar": {"application/x-tar", false},
	".7z":  {"application/x-7z-compressed", false},
	".bin": {"application/octet-stream", false},
	".exe": {"application/octet-stream", false},
	".dmg": {"application/octet-stream", false},
	".apk": {"application/vnd.android.package-archive", false},
	".deb": {"application/vnd.debian.binary-package", false},
	".rpm": {"application/x-rpm", false},
	".jar": {"application/java-archive", false},
	".crx": {"application/x-chrome-extension", false},
	".xpi": {"application/x-xpinstall", false},
}

// named are files whose type is fixed by who asks for them and that have no extension.
var named = map[string]kind{
	"apple-app-site-association": {"application/json", true}, // Apple's Supporting associated domains
}

// mediaType is the type of a file by its name.
func mediaType(name string) kind {
	if k, ok := mediaTypes[extension(name)]; ok {
		return k
	}
	if k, ok := named[path.Base(name)]; ok {
		return k
	}
	return kind{"application/octet-stream", false}
}

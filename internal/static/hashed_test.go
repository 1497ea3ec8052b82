package static

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

func TestHashedNames(t *testing.T) {
	for _, name := range []string{
		// Vite and Rollup
		"assets/index-BfYx3k_1.js", "assets/index-DiwrgTda.css", "assets/react-CHdo91hT.svg", "assets/vendor-B-x_7k2Q.js", "assets/index-legacy-C4kJ9dPz.js",
		"base/assets/index-Dq0xyzab.js", "assets/entry.client-BfYxAkqL.js", "assets/inter-latin-400-normal-C38fXH4l.woff2",
		// webpack and Create React App
		"static/js/main.8d7e6f5a.js", "static/js/787.4c4a9d8e.chunk.js", "static/css/main.f855e6bc.css.map", "main.3f5a2b1c9d8e7f60a1b2.js", "static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg",
		// Next.js, Nuxt, Astro, SvelteKit, Expo: whatever the name
		"_next/static/chunks/framework-64ad27b21261a9ce.js", "_next/static/tIHZfNbuBYtqmeTVW9Vij/_buildManifest.js", "_nuxt/entry.js", "_astro/about.css", "_app/immutable/entry/start.js",
		"docs/_astro/hoisted.js", "_nuxt/builds/meta/4a1c7e0a-6c8a-4a5e-9d2e-0b1d8f6c7a55.json", "_expo/static/js/web/entry.js",
		// Angular and esbuild
		"main-5INURTSO.js", "chunk-ABCDEFGH.js", "styles-QWERTYUI.css", "main.0123456789abcdef.js", "media/inter-7K2QW5XD.woff2",
		// Gatsby, Docusaurus, VitePress, MkDocs, Hugo, Parcel, Expo
		"app-6aab7ee1b0c2b6d1c2d4.js", "assets/js/935f2afb.e8f2ab12.js", "assets/guide_intro.md.BfYx3k_1.lean.js", "assets/stylesheets/main.618322db.min.css",
		"css/style.min.9d3bd8dc6a1d0a8cf1cbb01da02a0cf95f1e1a3e8b2c5ed64fb9a1fdd8c33b22.css", "index.3f5a2b1c.js", "workbox-7cfec069.js",
	} {
		if !hashed(name) {
			t.Errorf("%s is not taken for a hashed name", name)
		}
	}
	for _, name := range []string{
		"index.html", "_astro/index.html", "assets/index-BfYx3k_1.html", "favicon.ico", "robots.txt", "sw.js", "manifest.webmanifest", "version.json", "_app/version.json",
		"_nuxt/builds/latest.json", "jquery-3.7.1.min.js", "bootstrap.bundle.min.js", "app-settings.js", "logo-official.svg", "logo-AppStore.svg", "icon-LinkedIn.svg", "photo-Summer24.jpg",
		"photo-20240131.jpg", "IMG_20240131_123456.jpg", "report-2024-01-31.pdf", "12345678.png", "assets/app-settings.js", "assets/app-Settings.js", "assets/page-version2.css", "assets/main-20240131.js",
		"images/550e8400-e29b-41d4-a716-446655440000.jpg", "a-effaced1.txt", "README-CHANGELOG.md", "logo-OFFICIAL.png", "poster-POSTER24.png", "roboto-v30-latin-regular.woff2",
		"fontawesome-webfont.woff2", "materialize.css", "page-iPhone15.png", "MacBookPro.png", "my-MacBook1.png", "assets/three-module.js", "my-background.jpg", "dir-3f5a2b1c/photo.jpg",
		"img-1024x768.png", "photo-640x480p.jpg", "clip-1080p60f.mp4", "screen-1920x1080px.png", "IMG-20240131T123456Z.jpg", "assets/logo-AppStore.svg", "icon-Html5Css.svg",
	} {
		if hashed(name) {
			t.Errorf("%s is taken for a hashed name", name)
		}
	}
}

// TestMostRandomDigestsAreKnown measures how many digests of each kind are recognised.
func TestMostRandomDigestsAreKnown(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	bytes := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	for _, tt := range []struct {
		kind string
		name func() string
		want float64 // share of those that are recognised
	}{
		{"Vite's code", func() string { return "assets/index-" + base64.RawURLEncoding.EncodeToString(bytes(6)) + ".js" }, 0.99},
		{"Vite's images", func() string { return "assets/logo-" + base64.RawURLEncoding.EncodeToString(bytes(6)) + ".svg" }, 0.7},
		{"webpack's", func() string { return "static/js/main." + hex.EncodeToString(bytes(4)) + ".js" }, 0.95},
		{"webpack's long ones", func() string { return "main." + hex.EncodeToString(bytes(10)) + ".js" }, 0.99},
	} {
		known := 0
		const of = 20_000
		for range of {
			if hashed(tt.name()) {
				known++
			}
		}
		share := float64(known) / of
		t.Logf("%s: %.3f", tt.kind, share)
		if share < tt.want {
			t.Errorf("%s: %.3f of the digests are recognised, want %.2f", tt.kind, share, tt.want)
		}
	}
}

package registry_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/registry"
)

func writeConfig(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func basic(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}

func TestKeychainPicksTheLongestPrefix(t *testing.T) {
	k := &registry.Keychain{
		Entries: []registry.Credential{
			{Prefix: "ghcr.io", Username: "host", Password: "1"},
			{Prefix: "ghcr.io/org", Username: "org", Password: "2"},
			{Prefix: "ghcr.io/org/app/", Username: "app", Password: "3"},
			{Prefix: "https://index.docker.io/v1/", Username: "hub", Password: "4"},
			{Prefix: "r.example:5000", Username: "port", Password: "5"},
		},
		Dir: writeConfig(t, `{"auths":{
			"ghcr.io":{"auth":"`+basic("file", "x")+`"},
			"only.example/team":{"auth":"`+basic("team", "6")+`"},
			"only.example":{"auth":"`+basic("all", "7")+`"},
			"token.example":{"identitytoken":"idt"}}}`),
	}
	for _, tt := range []struct{ repo, user, secret string }{
		{"ghcr.io/org/app", "app", "3"},
		{"ghcr.io/org/app/cache", "app", "3"},
		{"ghcr.io/org/application", "org", "2"},
		{"ghcr.io/organic/app", "host", "1"},
		{"ghcr.io", "host", "1"},
		{"docker.io", "hub", "4"},
		{"registry-1.docker.io", "hub", "4"},
		{"docker.io/library/ubuntu", "hub", "4"},
		{"r.example:5000/a", "port", "5"},
		{"r.example/a", "", ""},
		{"only.example/team/app", "team", "6"},
		{"only.example/other", "all", "7"},
		{"token.example/app", "", "idt"},
		{"unknown.example", "", ""},
	} {
		user, secret, err := k.Credentials(t.Context(), tt.repo)
		if err != nil || user != tt.user || secret != tt.secret {
			t.Errorf("Credentials(%q) = %q, %q, %v; want %q, %q", tt.repo, user, secret, err, tt.user, tt.secret)
		}
	}
}

func TestKeychainResolvesForTheLibrary(t *testing.T) {
	k := &registry.Keychain{Entries: []registry.Credential{{Prefix: "docker.io", Username: "u", Password: "p"}}}
	repo, err := name.NewRepository("ubuntu")
	if err != nil {
		t.Fatal(err)
	}
	auth, err := k.Resolve(repo)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := auth.Authorization()
	if err != nil || cfg.Username != "u" || cfg.Password != "p" {
		t.Errorf("got %+v, %v", cfg, err)
	}
	other, err := name.NewRepository("ghcr.io/org/app")
	if err != nil {
		t.Fatal(err)
	}
	if auth, err := k.Resolve(other); err != nil || auth != authn.Anonymous {
		t.Errorf("another registry gets %v, %v; want no credentials", auth, err)
	}
}

func TestKeychainToleratesAnAbsentFileAndHelper(t *testing.T) {
	for _, dir := range []string{"", t.TempDir(), writeConfig(t, `{"credsStore":"absent-helper"}`)} {
		k := &registry.Keychain{Dir: dir}
		if user, secret, err := k.Credentials(t.Context(), "docker.io/library/ubuntu"); err != nil || user+secret != "" {
			t.Errorf("dir %q: %q, %q, %v", dir, user, secret, err)
		}
	}
}

func TestKeychainRefusesABrokenFileWithoutQuotingIt(t *testing.T) {
	k := &registry.Keychain{Dir: writeConfig(t, `{"auths":{"ghcr.io":{"auth":"hunter2"`)}
	_, _, err := k.Credentials(t.Context(), "ghcr.io/org/app")
	if err == nil || !strings.Contains(err.Error(), "config.json") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error is %v", err)
	}
}

func TestConfigDir(t *testing.T) {
	for _, tt := range []struct{ config, home, want string }{
		{"/c", "/h", "/c"}, {"", "/h", "/h/.docker"}, {"", "", ""},
	} {
		if got := registry.ConfigDir(tt.config, tt.home); got != tt.want {
			t.Errorf("ConfigDir(%q, %q) = %q", tt.config, tt.home, got)
		}
	}
}

package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/ranges"
)

// An npmTool is a tool whose releases are packages of npm.
type npmTool struct {
	tool  string
	amd64 string // package for linux/amd64
	arm64 string // package for linux/arm64; the same for a program of JavaScript
	since string // range of the versions that count
}

var npmTools = []npmTool{
	{"npm", "npm", "npm", ">=6.0.0"},
	{"pnpm", "pnpm", "pnpm", ">=6.0.0"},
	{"yarn", "yarn", "yarn", ">=1.0.0 <2"},
	{"yarn-berry", "@yarnpkg/cli-dist", "@yarnpkg/cli-dist", ">=2.0.0"},
	{"bun", "@oven/bun-linux-x64", "@oven/bun-linux-aarch64", ">=1.0.0"},
	{"deno", "@deno/linux-x64-glibc", "@deno/linux-arm64-glibc", ">=2.0.0"},
}

// npmView runs npm view, which knows the registry: its host is a matter of npm's configuration.
func npmView(ctx context.Context, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, "npm", append([]string{"view", "--json"}, args...)...).Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		first, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
		err = fmt.Errorf("%w: %.200s", err, first)
	}
	if err != nil {
		return nil, fmt.Errorf("npm view %s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}

// An npmVersion is one of what npm view prints of a package.
type npmVersion struct {
	Version   string `json:"version"`
	Integrity string `json:"dist.integrity"` // sha512-BASE64; old versions have none
}

// readNPM adds the versions that both platforms have: a version of one alone would make images for several platforms differ.
func readNPM(ctx context.Context, d *dataset, _ bases, c *client) error {
	for _, t := range npmTools {
		amd64, err := hashes(ctx, c, t.amd64, t.since)
		if err != nil {
			return err
		}
		arm64, err := hashes(ctx, c, t.arm64, t.since)
		if err != nil {
			return err
		}
		for _, version := range slices.Sorted(maps.Keys(amd64)) {
			if arm64[version] == "" {
				continue
			}
			err := errors.Join(
				d.release(t.tool, catalogue.Release{Version: version, Platform: "linux/amd64", Hash: amd64[version], Address: "npm:" + t.amd64 + "@" + version}, false),
				d.release(t.tool, catalogue.Release{Version: version, Platform: "linux/arm64", Hash: arm64[version], Address: "npm:" + t.arm64 + "@" + version}, false))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// hashes are those of the releases of a package, by version.
func hashes(ctx context.Context, c *client, name, since string) (map[string]string, error) {
	text, err := c.npm(ctx, name+"@"+since, "version", "dist.integrity")
	if err != nil {
		return nil, err
	}
	var versions []npmVersion
	if err := json.Unmarshal(text, &versions); err != nil {
		return nil, fmt.Errorf("npm view %s: %w", name, err)
	}
	out := map[string]string{}
	for _, v := range versions {
		if hash := sha512Of(v.Integrity); hash != "" && !ranges.Prerelease(v.Version) {
			out[v.Version] = hash
		}
	}
	return out, nil
}

// sha512Of returns sha512:HEX of one of the hashes of an integrity, "" if there is none.
func sha512Of(integrity string) string {
	for _, one := range strings.Fields(integrity) {
		if encoded, ok := strings.CutPrefix(one, "sha512-"); ok {
			b, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				return ""
			}
			return "sha512:" + hex.EncodeToString(b)
		}
	}
	return ""
}

package main

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/ranges"
)

// A dotnetPart is an SDK or a runtime with its files, in releases.json.
type dotnetPart struct {
	Version string `json:"version"`
	Files   []struct {
		Name string `json:"name"` // dotnet-sdk-linux-x64.tar.gz
		RID  string `json:"rid"`  // linux-x64
		URL  string `json:"url"`
		Hash string `json:"hash"` // SHA-512
	} `json:"files"`
}

// A dotnetChannel is releases.json of one channel.
type dotnetChannel struct {
	Releases []struct {
		SDK     *dotnetPart  `json:"sdk"`
		SDKs    []dotnetPart `json:"sdks"` // the first is sdk; old channels lack the list
		Runtime *dotnetPart  `json:"aspnetcore-runtime"`
	} `json:"releases"`
}

var dotnetPlatforms = map[string]string{"linux-x64": "linux/amd64", "linux-arm64": "linux/arm64"}

// readDotNet reads the SDKs and the ASP.NET Core runtimes of all channels from 6 on.
func readDotNet(ctx context.Context, d *dataset, from bases, c *client) error {
	var index struct {
		Channels []struct {
			Version string `json:"channel-version"`
		} `json:"releases-index"`
	}
	if err := c.decode(ctx, from.dotnet+"/releases-index.json", &index); err != nil {
		return err
	}
	for _, channel := range index.Channels {
		if older(channel.Version, "6") {
			continue
		}
		var releases dotnetChannel
		if err := c.decode(ctx, from.dotnet+"/"+path.Base(channel.Version)+"/releases.json", &releases); err != nil {
			return err
		}
		if err := d.dotnet(releases); err != nil {
			return fmt.Errorf(".NET %s: %w", channel.Version, err)
		}
	}
	return nil
}

func (d *dataset) dotnet(channel dotnetChannel) error {
	for _, r := range channel.Releases {
		with := ""
		if r.Runtime != nil {
			if err := d.dotnetPart("aspnetcore-runtime", "aspnetcore-runtime", *r.Runtime, ""); err != nil {
				return err
			}
			if !ranges.Prerelease(r.Runtime.Version) {
				with = "aspnetcore-runtime@" + r.Runtime.Version
			}
		}
		sdks := r.SDKs
		if len(sdks) == 0 && r.SDK != nil {
			sdks = []dotnetPart{*r.SDK}
		}
		for _, sdk := range sdks {
			if err := d.dotnetPart("dotnet", "dotnet-sdk", sdk, with); err != nil {
				return err
			}
		}
	}
	return nil
}

// dotnetPart adds the plain archives for Linux: FILE-RID.tar.gz, and not those with more in their names.
func (d *dataset) dotnetPart(tool, file string, p dotnetPart, with string) error {
	if ranges.Prerelease(p.Version) {
		return nil
	}
	for _, f := range p.Files {
		platform := dotnetPlatforms[f.RID]
		if platform == "" || f.Name != file+"-"+f.RID+".tar.gz" {
			continue
		}
		release := catalogue.Release{Version: p.Version, Platform: platform, Hash: "sha512:" + strings.ToLower(f.Hash), Address: f.URL, With: with}
		if err := d.release(tool, release, false); err != nil {
			return err
		}
	}
	return nil
}

package world

import (
	"context"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// javaHome is where images of Eclipse Temurin have Java, and debianJava where Debian has it.
const (
	javaHome   = "/opt/java/openjdk"
	debianJava = "/usr/lib/jvm/java-17-openjdk-amd64"
)

// javaHook installs Java when manuals have a directory again, where its package puts links.
const javaHook = `set -e
mkdir -p "$1/usr/share/man/man1" "$1/opt/java"
chroot "$1" apt-get install -qy --no-install-recommends openjdk-17-jre-headless
ln -s ` + debianJava + ` "$1` + javaHome + `"`

// standIns are images that plans of some languages name as their run image.
var standIns = map[string]image{
	"library/eclipse-temurin:21-jre": {
		name:    "temurin-image",
		include: []string{"bash", "ca-certificates"},
		hooks:   []string{javaHook},
		config: v1.Config{
			Env: []string{"JAVA_HOME=" + javaHome, "PATH=" + javaHome + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
			Cmd: []string{"/bin/bash"},
		},
	},
}

// StandIn makes the world's registry serve an image of Docker Hub's, named with its repository and tag.
func (w *World) StandIn(ctx context.Context, name string) error {
	i, ok := standIns[name]
	if !ok {
		return fmt.Errorf("serving %s: there is no stand-in", name)
	}
	return w.push(ctx, w.Registry+"/"+name, i)
}

package world

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// javaHome is where images of Eclipse Temurin have Java, and debianJava where Debian has it.
const (
	javaHome   = "/opt/java/openjdk"
	debianJava = "/usr/lib/jvm/java-17-openjdk-amd64"
)

// paths is PATH of Docker's official images.
const paths = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// javaHook installs packages of Java when manuals have a directory again, where the packages put links.
func javaHook(packages string) string {
	return `set -e
mkdir -p "$1/usr/share/man/man1" "$1/opt/java"
chroot "$1" apt-get install -qy --no-install-recommends ` + packages + `
ln -s ` + debianJava + ` "$1` + javaHome + `"`
}

// nodeHook makes the user that images of Node have.
const nodeHook = `chroot "$1" useradd --create-home --uid 1000 node`

// staticHook keeps certificates, time zones and users alone, as images for static programs do.
const staticHook = `set -e
cd "$1"
mkdir -p keep/etc/ssl/certs keep/usr/share keep/tmp keep/home/nonroot
cat usr/share/ca-certificates/mozilla/*.crt >keep/etc/ssl/certs/ca-certificates.crt
cp -a usr/share/zoneinfo keep/usr/share/
rm -rf keep/usr/share/zoneinfo/right keep/usr/share/zoneinfo/posix
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >keep/etc/passwd
printf 'root:x:0:\nnonroot:x:65532:\n' >keep/etc/group
chmod 1777 keep/tmp
chown 65532:65532 keep/home/nonroot
` + keepOnly

// keepOnly leaves of a root the files of its directory keep.
const keepOnly = `find . -mindepth 1 -maxdepth 1 ! -name keep ! -name dev ! -name proc ! -name sys -exec rm -rf {} +
mv keep/* .
rmdir keep`

// standIns are made of Debian's packages, and stand for images of other registries, which cannot be had everywhere.
var standIns = map[string]image{
	"docker.io/library/eclipse-temurin:21-jre":     java("temurin-image", "openjdk-17-jre-headless"),
	"docker.io/library/eclipse-temurin:17-jre":     java("temurin-image", "openjdk-17-jre-headless"),
	"docker.io/library/maven:3-eclipse-temurin-17": java("maven-image", "openjdk-17-jdk-headless maven"),
	"docker.io/library/node:22-slim": {
		name:    "node-image",
		include: []string{"passwd"},
		hooks:   []string{nodeHook},
		tool:    "nodejs_22", to: "usr/local/",
		config: v1.Config{Env: []string{paths}, Cmd: []string{"node"}},
	},
	"docker.io/library/python:3-slim": {
		name:    "python-image",
		include: []string{"ca-certificates"},
		tool:    "python_release", to: "usr/local/",
		config: v1.Config{Env: []string{paths}, Cmd: []string{"python3"}},
	},
	"docker.io/library/golang:1.23": {
		name:    "golang-image",
		include: []string{"ca-certificates", "git"},
		tool:    "go_1_23", to: "usr/local/",
		config: v1.Config{Env: []string{paths, "GOTOOLCHAIN=local", "GOPATH=/go"}, Cmd: []string{"/bin/bash"}},
	},
	"gcr.io/distroless/static-debian12:nonroot": {
		name:    "static-image",
		variant: "extract",
		include: []string{"ca-certificates", "tzdata"},
		hooks:   []string{staticHook},
		config:  v1.Config{Env: []string{paths, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"}, User: "65532", WorkingDir: "/home/nonroot"},
	},
}

func java(name, packages string) image {
	return image{
		name:    name,
		include: []string{"bash", "ca-certificates"},
		hooks:   []string{javaHook(packages)},
		config:  v1.Config{Env: []string{"JAVA_HOME=" + javaHome, "PATH=" + javaHome + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, Cmd: []string{"/bin/bash"}},
	}
}

// StandIn makes the world's registry serve an image that stands for another one, such as docker.io/library/node:22-slim, and returns its
// reference there.
func (w *World) StandIn(ctx context.Context, name string) (string, error) {
	i, ok := standIns[name]
	if !ok {
		return "", fmt.Errorf("serving %s: there are stand-ins for %v", name, slices.Sorted(maps.Keys(standIns)))
	}
	_, repository, _ := strings.Cut(name, "/")
	ref := w.Registry + "/" + repository
	return ref, w.push(ctx, ref, i)
}

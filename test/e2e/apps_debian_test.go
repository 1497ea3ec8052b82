//go:build corpus

package e2e

import "testing"

// debianSamples are apps whose toolchains come from Debian or from the repository of Maven, all in the sizes of whole
// languages.
var debianSamples = []sample{
	// The Gradle at hand: the distribution that a wrapper fetches is in no registry of packages.
	{app: "java-gradle", path: "/", want: `{"app":"java-gradle","runtime":17}`},
	{app: "java-spring", args: []string{"--env", "NIXPACKS_WORKSPACE_APP=api"}, path: "/high", want: `{"high":["00:06","12:31"]}`},
	{app: "scala-sbt", prepare: temurin, path: "/", want: `{"app":"scala-sbt","runtime":"2.13.14"}`},
	{app: "clojure", path: "/a", want: `{"app":"clojure","path":"/a","runtime":"1.11.1"}`},
	// Its own plan compiles Ruby from sources that no registry has, so the app brings the distribution's.
	{app: "ruby", path: "/", want: `{"app":"ruby","greeting":"hello, bundler","runtime":"3.1.`},
	{app: "ruby-sinatra", path: "/berths/north", want: `{"app":"ruby-sinatra","berth":"north"}`},
}

// temurin makes the run image of Scala's plans known.
func temurin(t *testing.T, _ string) {
	t.Helper()
	if _, err := here.StandIn(t.Context(), "docker.io/library/eclipse-temurin:21-jre"); err != nil {
		t.Fatal(err)
	}
}

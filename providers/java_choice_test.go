package providers

import "testing"

func TestJavaOfTheNewestEdition(t *testing.T) {
	wrapper := func(version string) repo {
		return repo{gradleScript: "", gradleWrapper: wrapperURL + "gradle-" + version + "-bin.zip\n"}
	}
	pom := func(level string) repo {
		return repo{"pom.xml": "<maven.compiler.release>" + level + "</maven.compiler.release>"}
	}
	with := func(files repo, name, text string) repo {
		files[name] = text
		return files
	}
	for _, tt := range []struct {
		name     string
		files    repo
		pkgs     []string
		why      string
		warnings []string
	}{
		{"nothing", repo{"pom.xml": ""}, []string{"jdk25", "maven"}, "no version is asked for, which gives 25.0.4.1+1", nil},
		{"a POM", pom("17"), []string{"jdk17", "maven"}, `maven.compiler.release is "17", which gives 17.0.20.1+1`, nil},
		{"an old level", pom("1.7"), []string{"jdk8", "maven"}, `maven.compiler.release is "7", which gives 8u504-b01`, nil},
		{"a level without long support", pom("22"), []string{"jdk25", "maven"}, `maven.compiler.release is "22", which gives 25.0.4.1+1`, nil},
		{"Maven's wrapper", with(with(pom("21"), mavenScript, ""), mavenWrapper, ""), []string{"jdk21"}, `maven.compiler.release is "21", which gives 21.0.12.1+1`, nil},
		{"Gradle", repo{gradleScript: ""}, []string{"jdk25", "gradle_9"}, "no version is asked for, which gives 25.0.4.1+1", nil},
		{"Gradle for an old JDK", repo{gradleScript: "", ".java-version": "11"}, []string{"jdk11", "gradle_8"}, `it asks for "11", which gives 11.0.32.1+1`, nil},
		{"a wrapper", wrapper("8.5"), []string{"jdk21"}, "no version is asked for, which gives 21.0.12.1+1", nil},
		{"an old wrapper", wrapper("6.9.4"), []string{"jdk11"}, "no version is asked for, which gives 11.0.32.1+1", nil},
		{"a wrapper and another JDK", with(wrapper("7.6"), ".java-version", "21"), []string{"jdk21"}, `it asks for "21", which gives 21.0.12.1+1`,
			[]string{"Gradle 7.6 (gradle/wrapper/gradle-wrapper.properties) asks for java >=8 <=19, which 21.0.12.1+1 is not"}},
	} {
		out := mustPlan(t, javaProvider, newest(t, tt.files, nil))
		diffOf(t, tt.name, tt.pkgs, out.Plan.Phases["setup"].NixPkgs)
		diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "nix", tt.pkgs[0]))
		diffOf(t, tt.name+": warnings", tt.warnings, out.Warnings)
	}
}

func TestTheToolchainOfAProjectOfGradleDecidesTheJDK(t *testing.T) {
	const toolchain = "java {\n  toolchain { languageVersion = JavaLanguageVersion.of(17) }\n}\n"
	plugin := func(name, script string) repo {
		return repo{gradleScript: "", gradleWrapper: wrapperURL + "gradle-8.10-bin.zip\n", "settings.gradle.kts": `include("app")`, "app/build.gradle.kts": "plugins {\n  application\n}\n", name: script}
	}
	for _, tt := range []struct {
		name  string
		files repo
		why   cause
	}{
		{"the project", plugin("app/build.gradle.kts", "plugins { application }\n"+toolchain), cause{"app/build.gradle.kts", 3, `toolchain is "17", which gives 17.0.20.1+1`}},
		{"a plugin of the build", plugin("buildSrc/src/main/kotlin/shop.java.gradle.kts", toolchain), cause{"buildSrc/src/main/kotlin/shop.java.gradle.kts", 2, `toolchain is "17", which gives 17.0.20.1+1`}},
	} {
		out := mustPlan(t, javaProvider, newest(t, tt.files, nil))
		diffOf(t, tt.name, []string{"jdk17"}, out.Plan.Phases["setup"].NixPkgs)
		if got := causeOf(out, "setup", "nix", "jdk17"); got != tt.why {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.why)
		}
	}
	files := plugin("app/build.gradle.kts", toolchain)
	files[".java-version"] = "21\n"
	diffOf(t, "the root's own file goes before it", []string{"jdk21"}, mustPlan(t, javaProvider, newest(t, files, nil)).Plan.Phases["setup"].NixPkgs)
}

func TestGradleThatIsAskedForDecidesTheJDK(t *testing.T) {
	out := mustPlan(t, javaProvider, newest(t, repo{gradleScript: "", ".tool-versions": "gradle 7.6.6\n"}, nil))
	diffOf(t, "setup", []string{"jdk17"}, out.Plan.Phases["setup"].NixPkgs)
	diffOf(t, "Gradle", []string{"gradle_7"}, out.Plan.Phases["gradle:setup"].NixPkgs)
	diffOf(t, "why", "no version is asked for, and Gradle 7.6.6 runs on JDK >=8 <=19, which gives 17.0.20.1+1", whyOf(out, "setup", "nix", "jdk17"))
}

func TestMavenThatIsAskedForHasAPhaseOfItsOwn(t *testing.T) {
	out := mustPlan(t, javaProvider, newest(t, repo{"pom.xml": "", ".sdkmanrc": "maven=3.9.6\n"}, nil))
	diffOf(t, "setup", []string{"jdk25"}, out.Plan.Phases["setup"].NixPkgs)
	diffOf(t, "Maven", []string{"maven"}, out.Plan.Phases["maven:setup"].NixPkgs)
	diffOf(t, "what the build waits for", []string{"install", "setup", "maven:setup"}, out.Plan.Phases["build"].DependsOn)
	diffOf(t, "why", `maven is "3.9.6", which gives 3.9.6`, whyOf(out, "maven:setup", "nix", "maven"))
}

func TestTheJDKOfScalaAndClojure(t *testing.T) {
	scala := mustPlan(t, scalaProvider, newest(t, repo{"build.sbt": `scalaVersion := "2.13.14"`}, nil))
	diffOf(t, "sbt", []string{"(sbt.override { jre = jdk21; })"}, scala.Plan.Phases["setup"].NixPkgs)
	diffOf(t, "image", "eclipse-temurin:21-jre", *scala.Plan.Start.RunImage)
	clojure := mustPlan(t, clojureProvider, newest(t, repo{"project.clj": "", ".jdk-version": "17"}, nil))
	diffOf(t, "Leiningen", []string{"jdk17", "leiningen"}, clojure.Plan.Phases["setup"].NixPkgs)
}

package providers

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

const wrapperURL = "distributionBase=GRADLE_USER_HOME\ndistributionUrl=https\\://downloads.example/distributions/"

func TestDetectJava(t *testing.T) {
	testDetect(t, javaProvider, []detection{
		{repo{"pom.xml": "", "gradlew": ""}, "pom.xml"},
		{repo{"pom.rb": ""}, "pom.rb"},
		{repo{"pom.scala": ""}, "pom.scala"},
		{repo{"pom.yaml": ""}, "pom.yaml"},
		{repo{"pom.yml": ""}, "pom.yml"},
		{repo{"gradlew": ""}, "gradlew"},
		{repo{"pom.atom/": ""}, "pom.atom/"},
		{repo{"pom.clj/": ""}, "pom.clj/"},
		{repo{"pom.groovy/": ""}, "pom.groovy/"},
		{repo{"pom.groovy": "", "build.gradle": "", "sub/pom.xml": ""}, ""},
	})
}

func TestMavenPlan(t *testing.T) {
	out := mustPlan(t, javaProvider, appOf(t, repo{"pom.xml": "<project/>"}, nil))
	diffOf(t, "plan", plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"jdk17", "maven"},
				NixOverlays:    []string{},
				NixpkgsArchive: new("59dc10b5a6f2a592af36375c68fda41246794b86"),
			},
			"build": {
				DependsOn:        []string{"install", "setup"},
				Cmds:             []string{"mvn -DoutputFile=target/mvn-dependency-list.log -B -DskipTests clean dependency:list install"},
				CacheDirectories: []string{".m2/repository"},
			},
		},
		Start: &plan.Start{Cmd: new("java  $JAVA_OPTS -jar target/*jar")},
	}, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
}

func TestGradlePlan(t *testing.T) {
	out := mustPlan(t, javaProvider, appOf(t, repo{"gradlew": ""}, nil))
	diffOf(t, "plan", plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"jdk17", "gradle"},
				NixOverlays:    []string{},
				NixpkgsArchive: new("59dc10b5a6f2a592af36375c68fda41246794b86"),
			},
			"build": {
				DependsOn:        []string{"install", "setup"},
				Cmds:             []string{"chmod +x gradlew", "gradle clean build -x check -x test"},
				CacheDirectories: []string{"/root/.gradle"},
			},
		},
		Start: &plan.Start{Cmd: new("java $JAVA_OPTS -jar  $(ls -1 build/libs/*jar | grep -v plain)")},
	}, out.Plan)
}

func TestJavaWrappers(t *testing.T) {
	const goals = " -DoutputFile=target/mvn-dependency-list.log -B -DskipTests clean dependency:list install"
	for _, tt := range []struct {
		name  string
		files repo
		want  []string
	}{
		{"Gradle's", repo{"gradlew": "", gradleWrapper: ""}, []string{"chmod +x gradlew", "./gradlew clean build -x check -x test"}},
		{"Gradle's beside pom.xml", repo{"gradlew": "", gradleWrapper: "", "pom.xml": ""}, []string{"chmod +x gradlew", "./gradlew clean build -x check -x test"}},
		{"Maven's", repo{"pom.xml": "", "mvnw": "", mavenWrapper: ""}, []string{"chmod +x ./mvnw && ./mvnw" + goals}},
		{"Maven's without its properties", repo{"pom.xml": "", "mvnw": ""}, []string{"mvn" + goals}},
		{"Maven's without its script", repo{"pom.xml": "", mavenWrapper: ""}, []string{"mvn" + goals}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			diffOf(t, "commands", tt.want, mustPlan(t, javaProvider, appOf(t, tt.files, nil)).Plan.Phases["build"].Cmds)
		})
	}
}

func TestGradleScriptThatIsExecutableStaysAsItIs(t *testing.T) {
	app := treeApp(t, fstest.MapFS{"gradlew": {Mode: 0o755}, gradleWrapper: {Mode: 0o644}}, source.Limits{}, nil)
	diffOf(t, "commands", []string{"./gradlew clean build -x check -x test"}, mustPlan(t, javaProvider, app).Plan.Phases["build"].Cmds)
}

func TestJavaStart(t *testing.T) {
	const (
		gradle = "java $JAVA_OPTS -jar -Dserver.port=$PORT $(ls -1 build/libs/*jar | grep -v plain)"
		plain  = "java $JAVA_OPTS -jar  $(ls -1 build/libs/*jar | grep -v plain)"
		spring = "<groupId>org.springframework.boot</groupId>"
		boot   = "<artifactId>spring-boot-starter</artifactId>"
		swarm  = "<groupId>org.wildfly.swarm</groupId>"
	)
	for _, tt := range []struct {
		name  string
		files repo
		want  string
		file  string
		line  int
	}{
		{"the Spring plugin", repo{"gradlew": "", "build.gradle": "plugins {\n  id 'org.springframework.boot' version '3.1.0'\n}"}, gradle, "build.gradle", 2},
		{"the old Spring plugin", repo{"gradlew": "", "build.gradle": "classpath('spring-boot-gradle-plugin')"}, gradle, "build.gradle", 1},
		{"Grails", repo{"gradlew": "", "build.gradle": "\n\nimplementation 'org.grails:grails-core'"}, gradle, "build.gradle", 3},
		{"a Kotlin script", repo{"gradlew": "", "build.gradle.kts": `id("org.springframework.boot")`}, gradle, "build.gradle.kts", 1},
		{"build.gradle comes first", repo{"gradlew": "", "build.gradle": "x", "build.gradle.kts": `id("org.springframework.boot")`}, plain, "build.gradle", 0},
		{"no script", repo{"gradlew": "", "pom.xml": spring + boot}, plain, "", 0},
		{"Spring Boot", repo{"pom.xml": "<project>\n" + spring + "\n" + boot}, "java -Dserver.port=$PORT $JAVA_OPTS -jar target/*jar", "pom.xml", 2},
		{"Spring without Boot's artifact", repo{"pom.xml": spring}, "java  $JAVA_OPTS -jar target/*jar", "pom.xml", 0},
		{"Wildfly Swarm", repo{"pom.xml": spring + boot + "\n" + swarm}, "java -Dswarm.http.port=$PORT $JAVA_OPTS -jar target/*jar", "pom.xml", 2},
		{"a pom.xml that is not text", repo{"pom.xml": "\xff" + swarm}, "java  $JAVA_OPTS -jar target/*jar", "pom.xml", 0},
		{"another POM", repo{"pom.yaml": spring + boot}, "java $JAVA_OPTS -jar target/*jar", "pom.yaml", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, javaProvider, appOf(t, tt.files, nil))
			diffOf(t, "command", tt.want, *out.Plan.Start.Cmd)
			why := reasonOf(t, out, plan.Fact{Phase: "start", Field: "cmd", Value: tt.want})
			if why.File != tt.file || why.Line != tt.line {
				t.Errorf("the reason is in %s:%d, want %s:%d", why.File, why.Line, tt.file, tt.line)
			}
		})
	}
}

func TestJavaFailsWithAFileThatItReads(t *testing.T) {
	for _, name := range []string{"build.gradle", "build.gradle.kts", gradleWrapper} {
		_, err := javaProvider.Plan(appOf(t, repo{"gradlew": "", name: "\xff"}, nil))
		wantSourceError(t, err, name)
	}
}

func TestGradleAndJDKVersions(t *testing.T) {
	for _, tt := range []struct {
		properties string // "-" for no file
		vars       plan.Vars
		want       []string
	}{
		{"-", nil, []string{"jdk17", "gradle"}},
		{wrapperURL + "gradle-8.2.1-bin.zip\n", nil, []string{"jdk17", "gradle"}},
		{wrapperURL + "gradle-7.5-all.zip\n", nil, []string{"jdk17", "gradle_7"}},
		{wrapperURL + "gradle-6.9.4-bin.zip\r\n", nil, []string{"jdk11", "gradle_6"}},
		{wrapperURL + "gradle-5.6-bin.zip\n", nil, []string{"jdk8", "gradle_5"}},
		{wrapperURL + "gradle-4-bin.zip\n", nil, []string{"jdk8", "gradle_4"}},
		{wrapperURL + "gradle-7|8-bin.zip\n", nil, []string{"jdk17", "gradle"}},
		{"distributionUrl = x/gradle-6-bin.zip\n", nil, []string{"jdk17", "gradle"}},
		{wrapperURL + "own_6.zip\n", nil, []string{"jdk17", "gradle"}},
		{"", nil, []string{"jdk17", "gradle"}},
		{wrapperURL + "gradle-8.2.1-bin.zip\n", plan.Vars{"NIXPACKS_GRADLE_VERSION": "6"}, []string{"jdk11", "gradle_6"}},
		{wrapperURL + "gradle-6.1-bin.zip\n", plan.Vars{"NIXPACKS_JDK_VERSION": "21"}, []string{"jdk21", "gradle_6"}},
		{"-", plan.Vars{"NIXPACKS_JDK_VERSION": "20"}, []string{"jdk20", "gradle"}},
		{"-", plan.Vars{"NIXPACKS_JDK_VERSION": "19"}, []string{"jdk", "gradle"}},
		{"-", plan.Vars{"NIXPACKS_JDK_VERSION": "11"}, []string{"jdk11", "gradle"}},
		{"-", plan.Vars{"NIXPACKS_JDK_VERSION": "8"}, []string{"jdk8", "gradle"}},
	} {
		files := repo{"gradlew": ""}
		if tt.properties != "-" {
			files[gradleWrapper] = tt.properties
		}
		out := mustPlan(t, javaProvider, appOf(t, files, tt.vars))
		diffOf(t, "packages of "+tt.properties, tt.want, out.Plan.Phases["setup"].NixPkgs)
	}
}

func TestJavaVersionsThatCannotBeHad(t *testing.T) {
	for _, tt := range []struct {
		properties string
		vars       plan.Vars
		want       string
	}{
		{wrapperURL + "gradle-9.0-bin.zip", nil, "reading " + gradleWrapper + ":2: unsupported Gradle version: 9; set NIXPACKS_GRADLE_VERSION"},
		{wrapperURL + "gradle-3.1-bin.zip", nil, "reading " + gradleWrapper + ":2: unsupported Gradle version: 3; "},
		{wrapperURL + "gradle-rc.zip", nil, "reading " + gradleWrapper + ":2: unsupported Gradle version: 0; "},
		{wrapperURL + "gradle-99999999999999999999-bin.zip", nil, "reading " + gradleWrapper + ":2: unsupported Gradle version: 0; "},
		{"", plan.Vars{"NIXPACKS_GRADLE_VERSION": "9"}, "reading NIXPACKS_GRADLE_VERSION: unsupported Gradle version: 9; "},
		{"", plan.Vars{"NIXPACKS_GRADLE_VERSION": "8; id"}, `reading NIXPACKS_GRADLE_VERSION: "8; id" is not a whole number; `},
		{"", plan.Vars{"NIXPACKS_JDK_VERSION": "18"}, "reading NIXPACKS_JDK_VERSION: unsupported JDK version: 18; set one of 21, 20, 19, 17, 11, 8"},
		{"", plan.Vars{"NIXPACKS_JDK_VERSION": "17.0"}, `reading NIXPACKS_JDK_VERSION: "17.0" is not a whole number; `},
	} {
		_, err := javaProvider.Plan(appOf(t, repo{"gradlew": "", gradleWrapper: tt.properties}, tt.vars))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q, %v: got error %v, want %q", tt.properties, tt.vars, err, tt.want)
		}
	}
	_, err := javaProvider.Plan(appOf(t, repo{"pom.xml": ""}, plan.Vars{"NIXPACKS_JDK_VERSION": "latest"}))
	if err == nil || !strings.Contains(err.Error(), "latest") {
		t.Errorf("Maven: got error %v, want one about the version", err)
	}
}

func TestJavaReasons(t *testing.T) {
	out := mustPlan(t, javaProvider, appOf(t, repo{"gradlew": "", gradleWrapper: wrapperURL + "gradle-6.9-bin.zip"}, nil))
	setup := func(pkg string) plan.Fact { return plan.Fact{Phase: "setup", Field: "nix", Value: pkg} }
	want := Reason{Fact: setup("gradle_6"), File: gradleWrapper, Line: 2, Why: `distributionUrl asks for Gradle "6.9"`}
	diffOf(t, "reason for Gradle", want, reasonOf(t, out, want.Fact))
	want.Fact = setup("jdk11")
	diffOf(t, "reason for the JDK", want, reasonOf(t, out, want.Fact))

	want = Reason{Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "chmod +x gradlew"}, File: "gradlew", Why: "it is not executable"}
	diffOf(t, "reason for chmod", want, reasonOf(t, out, want.Fact))

	out = mustPlan(t, javaProvider, appOf(t, repo{"pom.xml": ""}, plan.Vars{"NIXPACKS_JDK_VERSION": "21"}))
	want = Reason{Fact: setup("jdk21"), Why: `the variable NIXPACKS_JDK_VERSION is "21"`}
	diffOf(t, "reason for the JDK of the variable", want, reasonOf(t, out, want.Fact))
}

func TestJavaWarnsOfCodeThatTheJDKIsTooOldFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  string // "" for no warning
	}{
		{
			name:  "a property",
			files: repo{"pom.xml": "<properties>\n<java.version>21</java.version>"},
			want:  "pom.xml line 2 asks for Java 21, which JDK 17 cannot build; set NIXPACKS_JDK_VERSION to 21",
		},
		{name: "the variable is enough", files: repo{"pom.xml": "<java.version>21</java.version>"}, vars: plan.Vars{"NIXPACKS_JDK_VERSION": "21"}},
		{name: "the variable is not enough", files: repo{"pom.xml": "<maven.compiler.release>11</maven.compiler.release>"}, vars: plan.Vars{"NIXPACKS_JDK_VERSION": "8"}, want: "pom.xml line 1 asks for Java 11, which JDK 8 cannot build; set NIXPACKS_JDK_VERSION to 11"},
		{name: "an older one", files: repo{"pom.xml": "<maven.compiler.source>1.8</maven.compiler.source>"}},
		{name: "a release between", files: repo{"pom.xml": "<maven.compiler.target>18</maven.compiler.target>"}, want: "pom.xml line 1 asks for Java 18, which JDK 17 cannot build; set NIXPACKS_JDK_VERSION to 19"},
		{name: "one too new", files: repo{"system.properties": "java.runtime.version=25\n", "pom.xml": ""}, want: "system.properties line 1 asks for Java 25, which JDK 17 cannot build; 21 is the newest that NIXPACKS_JDK_VERSION can ask for"},
		{name: "a toolchain", files: repo{"gradlew": "", "build.gradle": "java {\n  toolchain { languageVersion = JavaLanguageVersion.of(21) }"}, want: "build.gradle line 2 asks for Java 21, which JDK 17 cannot build; set NIXPACKS_JDK_VERSION to 21"},
		{name: "a Kotlin toolchain", files: repo{"gradlew": "", "build.gradle.kts": "kotlin { jvmToolchain(21) }"}, want: "build.gradle.kts line 1 asks for Java 21, which JDK 17 cannot build; set NIXPACKS_JDK_VERSION to 21"},
		{name: "a level", files: repo{"gradlew": "", "build.gradle": "sourceCompatibility = JavaVersion.VERSION_21"}, want: "build.gradle line 1 asks for Java 21, which JDK 17 cannot build; set NIXPACKS_JDK_VERSION to 21"},
		{name: "an old level", files: repo{"gradlew": "", "build.gradle": "sourceCompatibility = '1.8'"}},
		{name: "a comment", files: repo{"gradlew": "", "build.gradle": "// sourceCompatibility = 21"}},
		{name: "not text", files: repo{"pom.xml": "\xff<java.version>21</java.version>"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			diffOf(t, "warnings", want, mustPlan(t, javaProvider, appOf(t, tt.files, tt.vars)).Warnings)
		})
	}
}

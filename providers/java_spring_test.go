package providers

import (
	"maps"
	"slices"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestTheLibrariesOfSpringBootAreBesideTheJar(t *testing.T) {
	const (
		plugin  = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
		pom     = "<project>" + plugin + "</project>"
		gradle  = "plugins {\n id 'org.springframework.boot' version '3.5.0'\n}\n"
		release = "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>\n<version>"
	)
	with := func(files repo, more repo) repo {
		all := maps.Clone(files)
		maps.Copy(all, more)
		return all
	}
	ofGradle := repo{gradleScript: "", "settings.gradle": "", "build.gradle": gradle}
	for name, tt := range map[string]struct {
		files repo
		dir   string // "" for none
	}{
		"Maven":                {repo{"pom.xml": pom}, "target"},
		"a release":            {repo{"pom.xml": "<project>" + release + "3.4.1</version></parent>" + plugin + "</project>"}, "target"},
		"an old release":       {repo{"pom.xml": "<project>" + release + "3.2.12</version></parent>" + plugin + "</project>"}, ""},
		"a release of old":     {repo{"pom.xml": "<project>" + release + "2.7.18</version></parent>" + plugin + "</project>"}, ""},
		"a module":             {repo{"pom.xml": "<project><packaging>pom</packaging><modules><module>api</module></modules></project>", "api/pom.xml": pom}, "api/target"},
		"a war":                {repo{"pom.xml": "<project><packaging>war</packaging>" + plugin + "</project>"}, ""},
		"no Spring Boot":       {repo{"pom.xml": "<project><mainClass>a.A</mainClass></project>"}, ""},
		"Gradle":               {ofGradle, "build/libs"},
		"an old plugin":        {with(ofGradle, repo{"build.gradle": "plugins {\n id 'org.springframework.boot' version '3.1.4'\n}\n"}), ""},
		"its own loader":       {repo{"pom.xml": "<project><layout>ZIP</layout>" + plugin + "</project>"}, ""},
		"it looks into itself": {repo{"pom.xml": pom, "src/main/java/A.java": `open("/BOOT-INF/classes/a")`}, ""},
	} {
		out := mustPlan(t, javaProvider, newest(t, tt.files, nil))
		i := slices.IndexFunc(out.Fixes, func(f Fix) bool { return f.Rule == springRule })
		if (i >= 0) != (tt.dir != "") {
			t.Errorf("%s: %v\n%s", name, out.Fixes, plan.Text(out.Plan))
			continue
		}
		if i >= 0 {
			diffOf(t, name, []string{tt.dir + "/spring-libraries"}, out.Fixes[i].Over.Phases["build"].Layers)
		}
	}
	app := newest(t, repo{"pom.xml": pom}, nil)
	app.UserStart = new("java -Dserver.port=$PORT -jar target/*jar")
	if out := mustPlan(t, javaProvider, app); slices.ContainsFunc(out.Fixes, func(f Fix) bool { return f.Rule == springRule }) {
		t.Error("an app with a start of its own is unpacked")
	}
}

package providers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/plan"
)

// memberPlan plans a member of a workspace in the newest edition.
func memberPlan(t *testing.T, p Provider, files repo, dir string) Output {
	t.Helper()
	return mustPlan(t, p, newest(t, files, plan.Vars{"NIXPACKS_" + workspaceVariable: dir}))
}

func startOf(out Output) string {
	if out.Plan.Start == nil || out.Plan.Start.Cmd == nil {
		return ""
	}
	return *out.Plan.Start.Cmd
}

// dirsOf are the members with what each uses.
func dirsOf(t *testing.T, p Provider, files repo) []string {
	t.Helper()
	w, err := p.Members(newest(t, files, nil))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, dir := range w.Members {
		list = append(list, strings.Join(append([]string{dir}, w.uses(dir)...), " "))
	}
	return list
}

const (
	bootPlugin = "plugins {\n  id 'org.springframework.boot'\n}\n"
	mainClass  = "class Main { public static void main(String[] a) {} }"
)

func gradleShop() repo {
	return repo{
		gradleScript: "", gradleWrapper: wrapperURL + "gradle-8.10-bin.zip\n",
		"settings.gradle":                  "rootProject.name = 'shop'\ninclude 'shared:model', 'api'\ninclude(\n  ':worker' // of the queue\n)\n// include 'old'\nproject(':worker').projectDir = file('services/worker')\n",
		"build.gradle":                     "plugins {\n  id 'org.springframework.boot' version '3.3.2' apply false\n}\n",
		"api/build.gradle":                 bootPlugin + "dependencies { implementation project(':shared:model')\n implementation 'org.springframework.boot:spring-boot-starter-web' }",
		"services/worker/build.gradle.kts": "plugins {\n  application\n}\ndependencies { implementation(projects.shared.model) }\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\n",
		"shared/model/build.gradle":        "plugins { id 'java-library' }\ndependencies { api 'org.springframework.boot:spring-boot-starter-json' }\n",
		"old/build.gradle":                 bootPlugin,
	}
}

func TestProjectsOfGradleAreMembers(t *testing.T) {
	diffOf(t, "members", []string{".", "api shared/model", "services/worker shared/model", "shared/model"}, dirsOf(t, javaProvider, gradleShop()))
	api := memberPlan(t, javaProvider, gradleShop(), "api")
	diffOf(t, "what is built", "./gradlew clean :api:build -x check -x test", api.Plan.Phases["build"].Cmds[1])
	diffOf(t, "what is started", "java $JAVA_OPTS -jar -Dserver.port=$PORT $(ls -1 api/build/libs/*jar | grep -v plain)", startOf(api))
	worker := memberPlan(t, javaProvider, gradleShop(), "services/worker")
	diffOf(t, "an application", "./gradlew clean :worker:build :worker:installDist -x check -x test", worker.Plan.Phases["build"].Cmds[1])
	diffOf(t, "its JDK", []string{"jdk17"}, worker.Plan.Phases["setup"].NixPkgs)
	model := memberPlan(t, javaProvider, gradleShop(), "shared/model")
	diffOf(t, "a library", "shared/model/build.gradle applies no plugin that makes something to start, so that it is a library", model.NoStart)
	diffOf(t, "what it starts", "", startOf(model))
	root := memberPlan(t, javaProvider, gradleShop(), ".")
	diffOf(t, "the root", "", startOf(root))
}

func TestWhatTheRootOfAGradleBuildSaysOfAllProjects(t *testing.T) {
	files := func(shared string) repo {
		return repo{
			gradleScript: "", "settings.gradle.kts": `include("api", "core")`,
			"build.gradle": "plugins { id 'java' }\n" + shared, "api/build.gradle": "bootJar { enabled = true }\n", "core/build.gradle": "bootJar {\n  enabled = false\n}\n",
			"api/src/main/java/Main.java": mainClass, "core/src/main/java/Main.java": mainClass,
		}
	}
	const apply = "apply plugin: 'org.springframework.boot'\n"
	for name, shared := range map[string]string{
		"subprojects":   "subprojects {\n  tasks.named('x') { }\n  " + apply + "}\n",
		"allprojects":   "allprojects {\n  " + apply + "}\n",
		"configure":     "configure(subprojects) {\n  " + apply + "  bootJar { enabled = false }\n}\n",
		"one project":   "project(':api') {\n  " + apply + "}\n",
		"the own build": "",
	} {
		f := files(shared)
		if shared == "" {
			f["buildSrc/src/main/groovy/shop.service.gradle"] = "plugins { id 'org.springframework.boot' }\n"
			f["api/build.gradle"] = "plugins { id 'shop.service' }\n"
		}
		api, core := memberPlan(t, javaProvider, f, "api"), memberPlan(t, javaProvider, f, "core")
		if startOf(api) == "" || startOf(core) != "" {
			t.Errorf("%s: api is started by %q, core by %q", name, startOf(api), startOf(core))
		}
	}
}

func TestModulesOfMavenAreMembers(t *testing.T) {
	const plugin = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
	const parent = "<parent><artifactId>shop</artifactId></parent>"
	files := repo{
		"pom.xml":                            "<project><artifactId>shop</artifactId><packaging>pom</packaging><modules><module>api</module><module>parts</module></modules></project>",
		"api/pom.xml":                        "<project>" + parent + "<artifactId>api</artifactId>" + plugin + "<dependencies><dependency><artifactId>core</artifactId></dependency></dependencies></project>",
		"parts/pom.xml":                      "<project>" + parent + "<artifactId>parts</artifactId><packaging>pom</packaging><modules><module>core</module><module>jobs</module></modules>" + plugin + "</project>",
		"parts/core/pom.xml":                 "<project><parent><artifactId>parts</artifactId></parent><artifactId>core</artifactId></project>",
		"parts/jobs/pom.xml":                 "<project><parent><artifactId>parts</artifactId></parent><artifactId>jobs</artifactId><properties><java.version>21</java.version></properties></project>",
		"parts/jobs/src/main/java/Jobs.java": mainClass, "parts/core/src/main/java/Core.java": "class Core {}",
	}
	diffOf(t, "members", []string{"api parts/core", "parts/core", "parts/jobs"}, dirsOf(t, javaProvider, files))
	api := memberPlan(t, javaProvider, files, "api")
	diffOf(t, "what is built", []string{"mvn" + mavenGoals + " -pl api -am"}, api.Plan.Phases["build"].Cmds)
	diffOf(t, "what is started", "java -Dserver.port=$PORT $JAVA_OPTS -jar api/target/*jar", startOf(api))
	jobs := memberPlan(t, javaProvider, files, "parts/jobs")
	diffOf(t, "by the plugin of its parent", "java -Dserver.port=$PORT $JAVA_OPTS -jar parts/jobs/target/*jar", startOf(jobs))
	diffOf(t, "its JDK", "jdk21", jobs.Plan.Phases["setup"].NixPkgs[0])
	core := memberPlan(t, javaProvider, files, "parts/core")
	diffOf(t, "a library", "parts/core/pom.xml makes no jar that starts, so that it is a library", core.NoStart)
}

func TestProjectsOfUVAreMembers(t *testing.T) {
	const api = "import fastapi\napp = fastapi.FastAPI()\n"
	files := repo{
		"pyproject.toml":          "[project]\nname = 'shop'\n[tool.uv.workspace]\nmembers = ['apps/*', 'libs/*']\nexclude = ['apps/old']\n[tool.uv.sources]\ncore = { workspace = true }\n",
		"uv.lock":                 "version = 1\n[[package]]\nname = 'shop'\n[[package]]\nname = 'psycopg2'\n",
		"apps/api/pyproject.toml": "[project]\nname = 'shop-api'\nrequires-python = '>=3.12,<3.13'\ndependencies = ['core']\n", "apps/api/main.py": api,
		"apps/old/pyproject.toml":  "[project]\nname = 'old'\n",
		"apps/sync/pyproject.toml": "[project]\nname = 'sync'\ndependencies = ['psycopg2']\n", "apps/sync/main.py": "print(1)\n",
		"libs/core/pyproject.toml": "[project]\nname = 'Core'\ndependencies = ['fastapi[standard]']\n", "libs/core/core/__init__.py": "",
	}
	diffOf(t, "members", []string{".", "apps/api libs/core", "apps/sync", "libs/core"}, dirsOf(t, pythonProvider, files))
	out := fixedPython(memberPlan(t, pythonProvider, files, "apps/api"))
	diffOf(t, "what is installed", pythonActivate.of("2026.12")+"pip install uv==$NIXPACKS_UV_VERSION && uv sync --package shop-api --no-dev --frozen", out.Plan.Phases["install"].Cmds[0])
	diffOf(t, "what is started", "cd apps/api && fastapi run main.py --host 0.0.0.0 --port ${PORT:-8000}", startOf(out))
	diffOf(t, "its Python", "python@3.12", out.Chosen[0][:len("python@3.12")])
	if len(out.Plan.Phases["setup"].AptPkgs) > 0 {
		t.Errorf("api gets what sync needs: %q", out.Plan.Phases["setup"].AptPkgs)
	}
	diffOf(t, "the root", noPythonStart, memberPlan(t, pythonProvider, files, ".").NoStart)
	delete(files, "uv.lock")
	diffOf(t, "without the lockfile", []string(nil), dirsOf(t, pythonProvider, files))
}

// fixedPython is an output with its better start.
func fixedPython(out Output) Output {
	for _, f := range out.Fixes {
		if f.Rule == "python-start" {
			out.Plan.Start = f.Over.Start
		}
	}
	return out
}

func TestMembersOfDeno(t *testing.T) {
	files := repo{
		denoJSON: `{"workspace": {"members": ["./apps/*", "lib"]}} // all`, "apps/api/deno.json": `{"name": "@shop/api"}`, "apps/api/main.ts": "",
		"apps/none/x": "", "lib/deno.jsonc": `{"exports": "./mod.ts"}`, "lib/mod.ts": "",
	}
	diffOf(t, "members", []string{"apps/api", "lib"}, dirsOf(t, denoProvider, files))
	api := memberPlan(t, denoProvider, files, "apps/api")
	diffOf(t, "what is built", []string{"cd apps/api && deno cache main.ts"}, api.Plan.Phases["build"].Cmds)
	diffOf(t, "what is started", "cd apps/api && deno run --allow-all main.ts", startOf(api))
	diffOf(t, "why", "apps/api/main.ts", api.Reasons[len(api.Reasons)-1].File)
	diffOf(t, "a library", "", startOf(memberPlan(t, denoProvider, files, "lib")))
}

func TestAVariableThatNamesNoMemberIsToldOf(t *testing.T) {
	for _, p := range []Provider{javaProvider, pythonProvider, denoProvider} {
		files := repo{"pom.xml": "<project/>", "pyproject.toml": "", denoJSON: "{}"}
		for _, dir := range []string{"none", "..", "a b", "-x"} {
			out := memberPlan(t, p, files, dir)
			found := false
			for _, w := range out.Warnings {
				found = found || len(w) > 20 && w[:22] == "NIXPACKS_WORKSPACE_APP"
			}
			if !found {
				t.Errorf("%s, %q: %q", p.Name, dir, out.Warnings)
			}
		}
	}
}

// TestManyMembersArePlannedInSeconds is about time that grows with more than the number of members.
func TestManyMembersArePlannedInSeconds(t *testing.T) {
	files := repo{gradleScript: "", "settings.gradle": ""}
	for i := range 300 {
		dir := fmt.Sprintf("s%03d", i)
		files["settings.gradle"] += "include '" + dir + "'\n"
		files[dir+"/build.gradle"] = bootPlugin + "dependencies { implementation project(':s000') }\n"
		files[dir+"/src/main/java/Main.java"] = mainClass
	}
	app := newest(t, files, nil)
	began := time.Now()
	for i := range 300 {
		app.Vars = plan.Vars{"NIXPACKS_" + workspaceVariable: fmt.Sprintf("s%03d", i)}
		if startOf(mustPlan(t, javaProvider, app)) == "" {
			t.Fatalf("s%03d is not started", i)
		}
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("%v", took)
	}
}

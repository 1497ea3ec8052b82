package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestAJavaAppGetsARuntimeWhereItNeedsNoJDK(t *testing.T) {
	const boot = "<project><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
	for name, tt := range map[string]struct {
		files   repo
		vars    plan.Vars
		runtime bool
	}{
		"Spring Boot":         {repo{"pom.xml": boot}, nil, true},
		"Java 21":             {repo{"pom.xml": boot}, plan.Vars{"NIXPACKS_JDK_VERSION": "21"}, true},
		"Java 8":              {repo{"pom.xml": boot}, plan.Vars{"NIXPACKS_JDK_VERSION": "8"}, false},
		"Java 11":             {repo{"pom.xml": boot}, plan.Vars{"NIXPACKS_JDK_VERSION": "11"}, true},
		"an own JAVA_HOME":    {repo{"pom.xml": boot}, plan.Vars{"JAVA_HOME": "/opt/graal"}, false},
		"it compiles":         {repo{"pom.xml": boot, "src/main/java/A.java": "import javax.tools.ToolProvider;"}, nil, false},
		"rules are compiled":  {repo{"pom.xml": strings.Replace(boot, "<build>", "<dependencies><dependency><artifactId>drools-core</artifactId></dependency></dependencies><build>", 1)}, nil, false},
		"Gradle's own script": {repo{"gradlew": "", "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'a.A' }\n", "settings.gradle": "rootProject.name = 'a'\n"}, nil, true},
	} {
		out := mustPlan(t, javaProvider, newest(t, tt.files, tt.vars))
		var over plan.Plan
		for _, f := range out.Fixes {
			if f.Rule == javaRuntimeRule {
				over = f.Over
			}
		}
		if got := over.Start != nil; got != tt.runtime {
			t.Errorf("%s: a runtime %v\n%s", name, got, plan.Text(out.Plan))
		}
		for _, cmd := range over.Phases["build"].Cmds {
			if cmd != gradleChmod && !strings.HasPrefix(cmd, "export JAVA_HOME=/root/.nix-profile/lib/openjdk && ") {
				t.Errorf("%s: the build has no JDK: %s", name, cmd)
			}
		}
	}
	app := newest(t, repo{"pom.xml": boot}, nil)
	app.UserStart = new("jshell")
	if out := mustPlan(t, javaProvider, app); strings.Contains(plan.Text(plan.Plan{Start: out.Plan.Start}), javaRuntimeDir) || slices.ContainsFunc(out.Fixes, func(f Fix) bool { return f.Rule == javaRuntimeRule }) {
		t.Errorf("an app with a start of its own has the fixes %v", out.Fixes)
	}
}

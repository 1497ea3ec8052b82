package providers

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/versions"
)

// A javaChoice is the JDK that an app gets in editions after 1.39, and Gradle or Maven.
type javaChoice struct {
	jdk   choice
	tool  *choice // nil if the app's wrapper brings it along
	phase string  // that installs the tool where another archive has it than the JDK
}

// javaHome is where the JDK lies: tools of Nix have one of their own, which they use where nothing else is said.
const (
	javaHome    = "JAVA_HOME"
	javaHomeDir = "/root/.nix-profile/lib/openjdk"
)

// gradleNew is the first Gradle that runs on no JDK before 17.
const gradleNew = "9"

// chosenJavaTool is [mavenTool] and [gradleTool] for editions after 1.39. A wrapper needs no package, whatever its version.
func chosenJavaTool(app App) (javaTool, error) {
	tool, c, chooseBoth := mavenCommands(app), &javaChoice{phase: "maven:setup"}, chooseMaven
	if app.Tree.HasFile(gradleScript) {
		tool, c.phase, chooseBoth = gradleCommands(app), "gradle:setup", chooseGradle
	}
	tool.chosen = c
	var err error
	if tool.cmdWhy.file == gradleWrapper || tool.cmdWhy.file == mavenWrapper {
		c.jdk, err = choose(app, "java")
		return tool, err
	}
	var other choice
	c.jdk, other, err = chooseBoth(app)
	c.tool = &other
	return tool, err
}

// chooseMaven takes, where no version is asked for, the one in the archive of the JDK, so that one archive is enough.
func chooseMaven(app App) (jdk, maven choice, err error) {
	if jdk, err = choose(app, "java"); err != nil {
		return choice{}, choice{}, err
	}
	found, err := app.asks("maven")
	if err != nil || len(found.Asks) > 0 {
		maven, err = choose(app, "maven")
		return jdk, maven, err
	}
	why := byDefault("no version is asked for, which gives the one that comes with the JDK's packages")
	return jdk, choice{pkg: "maven", archive: jdk.archive, why: why}, nil
}

// chooseGradle takes a JDK on which the Gradle that is asked for runs, else a Gradle that runs on the JDK.
func chooseGradle(app App) (jdk, gradle choice, err error) {
	if jdk, err = choose(app, "java"); err != nil {
		return choice{}, choice{}, err
	}
	if gradle, err = choose(app, "gradle"); err != nil {
		return choice{}, choice{}, err
	}
	asked, err := app.asks("gradle")
	if err != nil {
		return choice{}, choice{}, err
	}
	free, err := app.asks("java")
	if err != nil {
		return choice{}, choice{}, err
	}
	runs := versions.GradleRunsOn(gradle.version)
	switch {
	case runs.Allows(jdk.version):
	case len(asked.Asks) > 0 && len(free.Asks) > 0:
		jdk.warnings = append(jdk.warnings, fmt.Sprintf("Gradle %s runs on JDK %s, which %s is not", gradle.version, runs, jdk.version))
	case len(asked.Asks) > 0:
		jdk, err = pick(app, "java", catalogue.Ask{Range: runs})
		jdk.why = byDefault(fmt.Sprintf("no version is asked for, and Gradle %s runs on JDK %s, which gives %s", gradle.version, runs, jdk.version))
	default:
		var older ranges.Range
		if older, err = ranges.Comparison("<" + gradleNew); err != nil {
			return choice{}, choice{}, err
		}
		gradle, err = pick(app, "gradle", catalogue.Ask{Range: older})
		gradle.why = byDefault(fmt.Sprintf("no version is asked for, and a newer one does not run on JDK %s, which gives %s", jdk.version, gradle.version))
	}
	if err != nil {
		return choice{}, choice{}, err
	}
	gradle, err = beside(app, "gradle", gradle, jdk)
	return jdk, gradle, err
}

// apply replaces the setup phase of 1.39.
func (c *javaChoice) apply(out *Output) {
	setup := c.jdk.install(plan.Phase{})
	out.Plan.Variables = map[string]string{javaHome: javaHomeDir}
	out.Chosen = append(out.Chosen, c.jdk.id())
	out.Warnings = append(out.Warnings, c.jdk.warnings...)
	out.Reasons = slices.DeleteFunc(out.Reasons, func(r Reason) bool { return r.Fact.Phase == "setup" })
	out.Reasons = append(append(out.Reasons, c.jdk.reasons()...),
		byDefault("Gradle and Maven have another Java of their own").decided("", "variable "+javaHome, javaHomeDir))
	if t := c.tool; t != nil {
		phase := "setup"
		if t.archive == c.jdk.archive {
			setup.NixPkgs = append(setup.NixPkgs, t.pkg)
		} else {
			phase = c.phase
			out.Plan.Phases[phase] = t.install(plan.Phase{})
			build := out.Plan.Phases["build"]
			build.DependsOn = append(build.DependsOn, phase)
			out.Plan.Phases["build"] = build
			out.Reasons = append(out.Reasons, t.why.decided(phase, "nixpkgs", ""))
		}
		out.Warnings = append(out.Warnings, t.warnings...)
		out.Chosen = append(out.Chosen, t.id())
		out.Reasons = append(out.Reasons, t.why.decided(phase, "nix", t.pkg))
	}
	out.Plan.Phases["setup"] = setup
}

package providers

// Options that make a server listen where it should.
const (
	springPort = "-Dserver.port=$PORT"
	swarmPort  = "-Dswarm.http.port=$PORT"
)

// gradleSpring are the words in a build script that mean a Spring Boot app. The first is also what a longer name
// of one of its packages begins with.
var gradleSpring = []string{"org.springframework.boot", "spring-boot-gradle-plugin", "org.grails:grails-"}

// gradleStart starts what Gradle built. Without an option for the port there are two blanks, as in Nixpacks.
func gradleStart(app App) (cmd string, why cause, err error) {
	port := ""
	file := firstFile(app, "build.gradle", "build.gradle.kts")
	if file != "" {
		if _, err := app.Tree.Read(file); err != nil {
			return "", cause{}, err
		}
		why = byFile(file, "it does not name Spring Boot, so no port is given")
		for _, word := range gradleSpring {
			if line := app.Tree.Line(file, word); line > 0 {
				port, why = springPort, cause{file, line, word + " takes the port from this option"}
				break
			}
		}
	} else {
		why = byDefault("there is no build script, so no port is given")
	}
	return "java $JAVA_OPTS -jar " + port + " $(ls -1 build/libs/*jar | grep -v plain)", why, nil
}

// mavenStart starts what Maven built. A pom.xml that cannot be read says nothing.
func mavenStart(app App) (cmd string, why cause, err error) {
	const jar = "$JAVA_OPTS -jar target/*jar"
	if !app.Tree.HasFile("pom.xml") {
		return "java " + jar, byFile(mavenFile(app), "only of pom.xml is the framework known"), nil
	}
	const (
		swarm  = "<groupId>org.wildfly.swarm"
		spring = "<groupId>org.springframework.boot"
		boot   = "<artifactId>spring-boot"
	)
	port, why := "", byFile("pom.xml", "it names neither Spring Boot nor Wildfly Swarm, so no port is given")
	if line := app.Tree.Line("pom.xml", swarm); line > 0 {
		port, why = swarmPort, cause{"pom.xml", line, "Wildfly Swarm takes the port from this option"}
	} else if line := app.Tree.Line("pom.xml", spring); line > 0 && app.Tree.Contains("pom.xml", boot) {
		port, why = springPort, cause{"pom.xml", line, "Spring Boot takes the port from this option"}
	}
	return "java " + port + " " + jar, why, nil
}

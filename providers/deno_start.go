package providers

import "path"

// denoEntries are the files that people start, the most telling name first.
var denoEntries = []string{
	"main.ts", "main.tsx", "main.js", "server.ts", "server.tsx", "server.js", "mod.ts", "mod.js", "index.ts", "index.tsx", "index.js",
	"src/main.ts", "src/main.tsx", "src/server.ts", "src/mod.ts", "src/index.ts",
}

// denoEntry is the file to start, "" if there is none. Edition 1.39 takes the first that is called index.
func denoEntry(app App) (file string, why cause, err error) {
	if app.findsPrograms() {
		if file := firstFile(app, denoEntries...); file != "" {
			return file, byFile(file, "it is called as a program of Deno is"), nil
		}
	}
	file, err = firstMatch(app, denoIndex)
	return file, byFile(file, "it is the first index file"), err
}

// denoNoService says what an app without a task start is that is no service.
func denoNoService(app App, config, file string) (string, error) {
	if config == "" || app.UserStart != nil {
		return "", nil
	}
	var settings struct {
		Exports   any `json:"exports"`
		Workspace any `json:"workspace"`
	}
	if err := app.Tree.JSONC(config, &settings); err != nil {
		return "", err
	}
	switch base := path.Base(file); {
	case settings.Exports != nil && (file == "" || base == "mod.ts" || base == "mod.js"):
		return noService(config+" has exports and no task start", aLibrary), nil
	case settings.Workspace != nil && file == "":
		return workspaceRoot(config), nil
	}
	return "", nil
}

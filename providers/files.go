package providers

// firstFile returns the first of names that is a file of the app, or "".
func firstFile(app App, names ...string) string {
	for _, name := range names {
		if app.Tree.HasFile(name) {
			return name
		}
	}
	return ""
}

// presentFiles returns the names that are files of the app, in the order given.
func presentFiles(app App, names ...string) []string {
	var present []string
	for _, name := range names {
		if app.Tree.HasFile(name) {
			present = append(present, name)
		}
	}
	return present
}

// firstMatch returns the first file of the app that the glob matches, or "".
func firstMatch(app App, glob string) (string, error) {
	files, err := app.Tree.Files(glob)
	if err != nil || len(files) == 0 {
		return "", err
	}
	return files[0], nil
}

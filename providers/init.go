package providers

// initTool is the init of images, as the catalogue calls it.
const initTool = "tini"

// Init is the release that is the first process of an image whose program cannot be, and how it is called, as NAME@VERSION. Both are "" where
// the catalogue has none for the platform.
func Init(app App) (release, id string, err error) {
	c, err := choose(app, initTool)
	if err != nil && !nothingKnown(err) {
		return "", "", err
	}
	if err != nil || c.release == "" {
		return "", "", nil
	}
	return c.release, c.id(), nil
}

// EndsOnSignal reports whether the runtime of a provider's programs ends them at SIGTERM, even as the first process: the kernel
// takes no other way to end that from outside.
func EndsOnSignal(provider string) bool { return endsOnSignal[provider] }

// endsOnSignal are the languages whose runtime has a handler for SIGTERM.
var endsOnSignal = map[string]bool{"clojure": true, "csharp": true, "elixir": true, "fsharp": true, "go": true, "java": true, "ruby": true, "scala": true}

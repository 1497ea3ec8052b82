package discover

import (
	"strings"
	"testing"
)

func TestNoAppHasTheNameOfTheRepositoryOfCaches(t *testing.T) {
	files := repository{"services/cache/main.py": "", "services/api/main.py": "", "nixpacks.toml": "apps = ['services/api', 'services/cache']\n"}
	if got, want := names(files.find(t)), "api in services/api"; !strings.Contains(got, want) || !strings.Contains(got, "cache-app in services/cache") {
		t.Errorf("apps: %s", got)
	}
	for _, app := range files.find(t).Apps {
		if app.Images[0] == "r.example/shop/cache" {
			t.Errorf("the app %s is pushed over the caches", app.Name)
		}
	}
	files["nixpacks.toml"] = "[apps.cache]\ndirectory = 'services/cache'\n"
	_, err := Find(files.tree(t), Options{Name: "shop", Images: []string{"r.example/shop"}, Starts: starting})
	if err == nil || !strings.Contains(err.Error(), "nixpacks.toml") || !strings.Contains(err.Error(), "call the app otherwise") {
		t.Errorf("an app that is called so: %v", err)
	}
}

package secret

import "testing"

func TestKeepsTellsFilesWithCredentialsFromOthers(t *testing.T) {
	for _, tt := range []struct{ name, content, want string }{
		{".npmrc", "registry=https://r.example\n//r.example/:_authToken=npm_x\n", "an npm token"},
		{"web/.npmrc", "_auth = Zm9vOmJhcg==\n", "an npm token"},
		{".npmrc", "//r.example/:_authToken=${NPM_TOKEN}\n", ""},
		{".npmrc", "; //r.example/:_authToken=x\nregistry=https://r.example\n", ""},
		{".yarnrc.yml", "npmAuthToken: abc\n", "a Yarn token"},
		{".yarnrc.yml", "npmAuthToken: \"${NPM_TOKEN}\"\n", ""},
		{"auth.json", `{"http-basic": {"r.example": {"username": "u", "password": "p"}}}`, "a Composer login"},
		{"auth.json", `{"http-basic": {}}`, ""},
		{".netrc", "machine r.example login u password p\n", "a password"},
		{".docker/config.json", `{"auths":{"r.example":{"auth":"dTpw"}}}`, "a registry login"},
		{"config.json", `{"auths":{"r.example":{"auth":"dTpw"}}}`, ""},
		{".aws/credentials", "[default]\naws_secret_access_key = abc\n", "an AWS key"},
		{"pip.conf", "[global]\nindex-url = https://u:p@r.example/simple\n", "a login"},
		{"pip.conf", "[global]\nindex-url = https://r.example/simple\n", ""},
		{"pip.conf", "[global]\nindex-url = https://u:${PIP_PASSWORD}@r.example/simple\n", ""},
		{"NuGet.Config", `<add key="ClearTextPassword" value="p" />`, "a login"},
		{"NuGet.Config", `<add key="ClearTextPassword" value="%NUGET%" />`, ""},
		{"settings.xml", "<server><password>p</password></server>", "a Maven password"},
		{"settings.xml", "<server><password>${env.P}</password></server>", ""},
		{".cargo/credentials.toml", "[registry]\ntoken = \"abc\"\n", "a Cargo token"},
		{"deploy/key.pem", "-----BEGIN EC PRIVATE KEY-----\n", "a private key"},
		{"ca.pem", "-----BEGIN CERTIFICATE-----\n", ""},
		{"gcp.json", `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\n"}`, "Google Cloud credentials"},
		{"package.json", `{"type": "module"}`, ""},
		{".env", "PORT=3000\nexport STRIPE_SECRET_KEY='sk_live_1'\n", "the variable STRIPE_SECRET_KEY"},
		{".env.production", "PORT=3000\nDATABASE_URL=postgres://u:p@db/app\n", "the variable DATABASE_URL"},
		{".env", "PORT=3000\n# API_TOKEN=x\nAPI_TOKEN=\n", ""},
		{".env.example", "API_TOKEN=x\n", ""},
		{"README.md", "API_TOKEN=x\n", ""},
	} {
		if got := Keeps(tt.name, []byte(tt.content)); got != tt.want {
			t.Errorf("%s with %q: got %q, want %q", tt.name, tt.content, got, tt.want)
		}
		if tt.want != "" && !MayKeep(tt.name) {
			t.Errorf("%s is not looked into", tt.name)
		}
	}
}

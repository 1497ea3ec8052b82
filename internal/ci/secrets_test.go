package ci

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAMistakeInSecretsPrintsNone(t *testing.T) {
	for _, text := range []string{"hunter22", "A=x\nhunter22", `"A=hunter22`, `"A=x" hunter22`, `"hunter22"`} {
		_, err := ReadGitHub(map[string]string{"INPUT_SECRETS": text}, func(string) (io.ReadCloser, error) { return nil, nil }, io.Discard)
		var input *InputError
		if !errors.As(err, &input) || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

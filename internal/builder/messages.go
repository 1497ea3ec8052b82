package builder

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/moby/moby/api/types/jsonstream"
)

// messages reads how a load, a pull or a push goes, to its end. An engine sends the status before it does the work, so what fails later is told in
// a message: the error is a [*jsonstream.Error]. The digest is of what was pushed, "" if nothing was.
func messages(from io.Reader) (digest string, err error) {
	var aside struct{ Digest string }
	dec := json.NewDecoder(from)
	for {
		var m struct {
			jsonstream.Message
			Text string `json:"error"` // some engines send no other form of an error, and the library reads the other form alone
		}
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return aside.Digest, nil
		} else if err != nil {
			return "", err
		}
		if m.Error == nil && m.Text != "" {
			m.Error = &jsonstream.Error{Message: m.Text}
		}
		if m.Error != nil {
			return "", m.Error
		}
		if m.Aux != nil {
			_ = json.Unmarshal(*m.Aux, &aside) // another kind of aside has no digest
		}
	}
}

package forges

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// description is what GitHub publishes about the operations that the client uses, see [Extract].
//
//go:embed github.json
var description []byte

var load = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(description) })

// A contract is GitHub's description of its API.
type contract struct{ api *openapi3.T }

func newContract(t testing.TB) *contract {
	t.Helper()
	api, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return &contract{api}
}

// operation finds the operation that a request is for, and sets the values of its path.
func (c *contract) operation(r *http.Request) (route *routers.Route, ok bool) {
	for path, item := range c.api.Paths.Map() {
		operation := item.GetOperation(r.Method)
		if operation == nil || !matches(r, path) {
			continue
		}
		return &routers.Route{Spec: c.api, Path: path, PathItem: item, Method: r.Method, Operation: operation}, true
	}
	return nil, false
}

// matches compares a request's path with one that has names in braces, and keeps what stands in their places. [http.ServeMux] refuses
// GitHub's paths, as some could be of two operations.
func matches(r *http.Request, pattern string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(r.URL.EscapedPath(), "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if !strings.HasPrefix(want[i], "{") && want[i] != got[i] {
			return false
		}
	}
	for i := range want {
		if strings.HasPrefix(want[i], "{") {
			value, err := url.PathUnescape(got[i])
			if err != nil {
				return false
			}
			r.SetPathValue(strings.Trim(want[i], "{}"), value)
		}
	}
	return true
}

// broken is told of every break of the contract.
type broken func(r *http.Request, format string, args ...any)

// A checked handler answers one operation: every request and answer is held against the description.
type checked struct {
	route  *routers.Route
	broken broken
	next   http.Handler
}

// options leave credentials to the forge.
var options = &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true}

// ServeHTTP implements [http.Handler].
func (c *checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in := &openapi3filter.RequestValidationInput{Request: r, Route: c.route, Options: options, PathParams: map[string]string{}}
	known := []string{}
	for _, parameters := range []openapi3.Parameters{c.route.PathItem.Parameters, c.route.Operation.Parameters} {
		for _, p := range parameters {
			known = append(known, p.Value.Name)
			if p.Value.In == openapi3.ParameterInPath {
				in.PathParams[p.Value.Name] = r.PathValue(p.Value.Name)
			}
		}
	}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		c.broken(r, "the request: %v", err)
	}
	for name := range r.URL.Query() {
		if !slices.Contains(known, name) {
			c.broken(r, "the request: there is no parameter %s", name)
		}
	}
	answer := httptest.NewRecorder()
	c.next.ServeHTTP(answer, r)
	if err := c.validate(r, in, answer); err != nil {
		c.broken(r, "the answer: %v", err)
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// validate checks an answer. GitHub describes for some operations no errors, and for none those of credentials and servers:
// they are all of one kind.
func (c *checked) validate(r *http.Request, in *openapi3filter.RequestValidationInput, answer *httptest.ResponseRecorder) error {
	if c.route.Operation.Responses.Value(strconv.Itoa(answer.Code)) == nil && answer.Code >= 400 {
		var value any
		if err := json.Unmarshal(answer.Body.Bytes(), &value); err != nil {
			return err
		}
		return c.route.Spec.Components.Schemas["basic-error"].Value.VisitJSON(value)
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: answer.Code, Header: answer.Header(), Options: options,
		Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())),
	})
}

// sample is the least that a schema of the description takes.
func (c *contract) sample(name string) any { return sample(c.api.Components.Schemas[name].Value) }

func sample(s *openapi3.Schema) any {
	switch {
	case s.Nullable:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.AllOf) > 0:
		return sample(s.AllOf[0].Value)
	case len(s.AnyOf) > 0:
		return sample(s.AnyOf[0].Value)
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0].Value)
	case s.Type.Is("object"):
		out := map[string]any{}
		for _, name := range s.Required {
			if property := s.Properties[name]; property != nil {
				out[name] = sample(property.Value)
			}
		}
		return out
	case s.Type.Is("array"):
		return []any{}
	case s.Type.Is("integer"), s.Type.Is("number"):
		return 0
	case s.Type.Is("boolean"):
		return false
	case s.Format == "date-time":
		return epoch
	case s.Format == "uri":
		return "https://forge.example/"
	}
	return ""
}

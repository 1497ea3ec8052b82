package world

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// sql runs a statement as a client of a database.
func sql(t *testing.T, address, statement string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), postgresDir+"psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", statement, address).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestADatabaseIsThereUntilItIsClosed(t *testing.T) {
	db, err := shared.NewPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const statement = "create table a (b int); insert into a values (41); select b + 1 from a"
	if got, err := sql(t, db.URL, statement); err != nil || !strings.HasSuffix(got, "42") {
		t.Errorf("%v: %s", err, got)
	}
	address, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword(address.User.Username(), "wrong")
	if got, err := sql(t, address.String(), "select 1"); err == nil || !strings.Contains(got, "password authentication failed") {
		t.Errorf("with a wrong password: %v: %s", err, got)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := refuses("tcp", address.Host); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(db.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", db.dir, err)
	}
}

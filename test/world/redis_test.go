package world

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"testing"
)

func TestARedisIsThereUntilItIsClosed(t *testing.T) {
	server, err := shared.NewRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "SET a 42\r\nGET a\r\n")
	lines := bufio.NewScanner(conn)
	for _, want := range []string{"+OK", "$2", "42"} {
		if !lines.Scan() || lines.Text() != want {
			t.Errorf("got %q, %v, want %s", lines.Text(), lines.Err(), want)
		}
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := refuses("tcp", address.Host); err != nil {
		t.Error(err)
	}
}

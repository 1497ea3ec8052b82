package builder

import (
	"slices"
	"strings"
	"testing"
)

const sockets = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 11 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 12 1 0000000000000000 100 0 0 10 0
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1 0000000000000000 100 0 0 10 0
   3: 0100007F:A000 0100007F:0BB8 01 00000000:00000000 00:00000000 00000000 65532        0 14 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 65532 0 15 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 65532 0 16 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:0BBA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 65532 0 17 1 0000000000000000 100 0 0 10 0
`

// A builder may share its network with a trial: what others listen on is not the program's.
func TestThePortsAreOfTheProgramsSockets(t *testing.T) {
	for own, want := range map[string][]string{
		"":               nil,
		"14":             nil, // is connected
		"11":             {"127.0.0.1:3000"},
		"16 12 12 11":    {"127.0.0.1:3000", "8080", "8081"},
		"15 17":          {"127.0.0.1:3001", "127.0.0.1:3002"},
		"99 not-a-thing": nil,
	} {
		text := sockets + ".\n" + sockets
		for _, inode := range strings.Fields(own) {
			text += "socket:[" + inode + "]\n"
		}
		text += ".\n"
		var got []string
		for _, p := range firstPorts(strings.NewReader(text)) {
			got = append(got, p.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", own, got, want)
		}
	}
}

func TestARoundThatIsCutOffTellsNothing(t *testing.T) {
	if got := firstPorts(strings.NewReader(sockets + "socket:[11]\n")); got != nil {
		t.Errorf("%v", got)
	}
}

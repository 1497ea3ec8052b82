//go:build world

package builder_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
)

// The addresses of a machine beside this one, and of this one on the cable between them.
const (
	otherMachine = "203.0.113.2"
	thisMachine  = "203.0.113.1"
	otherPort    = "8080"
)

// anotherMachine starts a server in a network namespace that a cable joins to ours.
func anotherMachine(t *testing.T) {
	t.Helper()
	shared(t)
	cmd := exec.Command(filepath.Join(world.dir, "step"), "serve", ":"+otherPort)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	for _, line := range []string{
		"ip link add npxtest0 type veth peer name npxtest1 netns " + pid,
		"ip address add " + thisMachine + "/24 dev npxtest0",
		"ip link set npxtest0 up",
		"nsenter --target " + pid + " --net ip address add " + otherMachine + "/24 dev npxtest1",
		"nsenter --target " + pid + " --net ip link set npxtest1 up",
	} {
		args := strings.Fields(line)
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	t.Cleanup(func() { _ = exec.Command("ip", "link", "del", "npxtest0").Run() })
}

// listen serves an address of this machine, and returns the port.
func listen(t *testing.T, address string) string {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// reached is what a step finds when it calls addresses.
func reached(t *testing.T, c *builder.Conn, opts []llb.RunOption, addresses ...string) string {
	t.Helper()
	base, contexts := program(t)
	args := append([]string{"/step", "dial", "/answers"}, addresses...)
	st := base.Run(append(opts, llb.Args(args), llb.WithCustomName("dial"))...).Root()
	dir := t.TempDir()
	solve(t, c, builder.Request{Definition: marshal(t, st), Contexts: contexts, NoCache: true, Exports: []builder.Export{{Kind: builder.Local, Dest: dir}}})
	text, err := os.ReadFile(filepath.Join(dir, "answers"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func rulesOf(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("iptables-save").Output()
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "-A") {
			rules = append(rules, line)
		}
	}
	return strings.Join(rules, "")
}

func TestStepsWithANetworkOfTheirOwnReachOtherMachinesAlone(t *testing.T) {
	anotherMachine(t)
	loopback, everywhere := listen(t, "127.0.0.1:0"), listen(t, ":0")
	before := rulesOf(t)
	c := own(t, builder.Options{Network: builder.OwnNetwork})
	if got := c.Info(); got.Network != builder.OwnNetwork {
		t.Fatalf("the network is %s: %s", got.Network, got.NetworkWhy)
	}
	bridge := bridgeOf(t)
	got := reached(t, c, nil, net.JoinHostPort(otherMachine, otherPort), "127.0.0.1:"+loopback, thisMachine+":"+everywhere, bridge+":"+everywhere)
	want := otherMachine + ":" + otherPort + " yes\n127.0.0.1:" + loopback + " no\n" + thisMachine + ":" + everywhere + " no\n" + bridge + ":" + everywhere + " no\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a step (-want +got):\n%s", diff)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, rulesOf(t)); diff != "" {
		t.Errorf("rules are left (-before +after):\n%s", diff)
	}
	if left := bridges(t); len(left) > 0 {
		t.Errorf("bridges are left: %v", left)
	}
}

// bridges are the addresses of the bridges of daemons.
func bridges(t *testing.T) []string {
	t.Helper()
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, i := range interfaces {
		if !strings.HasPrefix(i.Name, "npx") || strings.HasPrefix(i.Name, "npxtest") {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range addresses {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil {
				list = append(list, ip.IP.String())
			}
		}
	}
	return list
}

func bridgeOf(t *testing.T) string {
	t.Helper()
	all := bridges(t)
	if len(all) != 1 {
		t.Fatalf("bridges: %v", all)
	}
	return all[0]
}

func TestAStepWithoutANetworkHasALoopbackOfItsOwn(t *testing.T) {
	loopback := listen(t, "127.0.0.1:0")
	if got := reached(t, shared(t), nil, "127.0.0.1:"+loopback); !strings.HasSuffix(got, " yes\n") {
		t.Errorf("on the shared network: %s", got)
	}
	if got := reached(t, shared(t), []llb.RunOption{llb.Network(llb.NetModeNone)}, "127.0.0.1:"+loopback); !strings.HasSuffix(got, " no\n") {
		t.Errorf("without a network: %s", got)
	}
}

// A container has one interface, and a route through its gateway to all the rest.
const likeAContainer = `set -e
ip link add eth0 type veth peer name eth1
ip address add 203.0.113.2/24 dev eth0
ip link set eth0 up
ip route add default via 203.0.113.1
`

func TestADaemonInAContainerOfItsOwnRefusesTheMachineAndItsMetadata(t *testing.T) {
	script := likeAContainer + builder.ContainerScript(builder.Options{Engine: builder.Engine{Host: "tcp://192.0.2.9:2375"}}) + "iptables-save"
	out, err := exec.Command("unshare", "--net", "sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "-A OUTPUT") {
			rules = append(rules, strings.TrimSpace(line))
		}
	}
	want := []string{
		"-A OUTPUT -d 203.0.113.1/32 -j REJECT --reject-with icmp-port-unreachable",
		"-A OUTPUT -d 169.254.0.0/16 -p udp -m udp --dport 53 -j ACCEPT",
		"-A OUTPUT -d 169.254.0.0/16 -p tcp -m tcp --dport 53 -j ACCEPT",
		"-A OUTPUT -d 169.254.0.0/16 -j REJECT --reject-with icmp-port-unreachable",
		"-A OUTPUT -d 192.0.2.9/32 -j REJECT --reject-with icmp-port-unreachable",
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package builder

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
)

// The networks that steps can have.
const (
	SharedNetwork = "shared" // what the builder's machine or container reaches, its loopback too
	OwnNetwork    = "own"    // one that reaches other machines, and neither the builder's loopback nor the cloud's metadata
)

// A stepNetwork is a network for the steps of one daemon. Each step has a loopback of its own and an interface on a bridge, whose packets leave
// under the machine's address. The machine itself, the metadata of a cloud and the Docker engine answer none of them.
type stepNetwork struct {
	bridge  string
	subnet  netip.Prefix
	mtu     int
	plugins string // the directory of the programs that make interfaces
	refused []netip.Prefix
	config  string // the path of conflist for the daemon
}

// pluginDirs are where distributions install the programs of the Container Network Interface.
var pluginDirs = []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"}

// metadata is where clouds tell a machine its credentials, and where some have a resolver of names.
var metadata = netip.MustParsePrefix("169.254.0.0/16")

// newStepNetwork finds the programs and a subnet that nothing here uses.
func newStepNetwork(o Options) (*stepNetwork, error) {
	n := &stepNetwork{refused: append([]netip.Prefix{metadata}, addressesOf(o.Engine)...)}
	for _, dir := range pluginDirs {
		missing := func(name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err != nil }
		if !slices.ContainsFunc([]string{"bridge", "host-local", "loopback"}, missing) {
			n.plugins = dir
			break
		}
	}
	if n.plugins == "" {
		return nil, errors.New("there are no programs bridge, host-local and loopback (Debian: containernetworking-plugins)")
	}
	for _, program := range []string{"iptables", "ip6tables"} {
		if findBinary(program) == "" {
			return nil, fmt.Errorf("the program %s is not on PATH", program)
		}
	}
	random := make([]byte, 6)
	_, _ = rand.Read(random)
	n.bridge = "npx" + hex.EncodeToString(random[:4])
	return n, n.choose(random[4:])
}

// choose takes one of the subnets that are for tests of networks, so that it is nobody's, and the smallest packets that an interface here takes.
func (n *stepNetwork) choose(random []byte) error {
	interfaces, err := net.Interfaces()
	if err != nil {
		return fmt.Errorf("listing the interfaces: %w", err)
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagLoopback == 0 && i.Flags&net.FlagUp != 0 && i.MTU > 0 && (n.mtu == 0 || i.MTU < n.mtu) {
			n.mtu = i.MTU
		}
	}
	used, err := net.InterfaceAddrs()
	if err != nil {
		return fmt.Errorf("listing the addresses: %w", err)
	}
	for try := range 256 {
		n.subnet = netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18 + random[0]&1, random[1] + byte(try), 0}), 24)
		if !slices.ContainsFunc(used, func(a net.Addr) bool {
			prefix, err := netip.ParsePrefix(a.String())
			return err == nil && prefix.Overlaps(n.subnet)
		}) {
			return nil
		}
	}
	return errors.New("no subnet is free")
}

// addressesOf are the addresses of an engine that listens on a port: who reaches it without a certificate is root there.
func addressesOf(e Engine) []netip.Prefix {
	u, err := url.Parse(e.Host)
	if err != nil || u.Scheme != "tcp" {
		return nil
	}
	var list []netip.Prefix
	found, _ := net.LookupIP(u.Hostname())
	for _, ip := range found {
		if a, ok := netip.AddrFromSlice(ip.To4()); ok {
			list = append(list, netip.PrefixFrom(a, 32))
		}
	}
	return list
}

// rules are arguments of iptables, less the operation, in the order in which they count.
func (n *stepNetwork) rules() [][]string {
	var rules [][]string
	rule := func(args string) { rules = append(rules, strings.Fields(args)) }
	rule("ip6tables INPUT -i " + n.bridge + " -j REJECT")
	rule("iptables INPUT -i " + n.bridge + " -j REJECT")
	for _, protocol := range []string{"udp", "tcp"} {
		rule("iptables FORWARD -i " + n.bridge + " -p " + protocol + " --dport 53 -d " + metadata.String() + " -j ACCEPT")
	}
	for _, prefix := range n.refused {
		rule("iptables FORWARD -i " + n.bridge + " -d " + prefix.String() + " -j REJECT")
	}
	rule("iptables FORWARD -i " + n.bridge + " -j ACCEPT")
	rule("iptables FORWARD -o " + n.bridge + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
	return rules
}

// iptables is a rule with an operation, such as -I to insert or -D to delete.
func iptables(rule []string, operation string) []string {
	return append([]string{rule[0], "-w", operation}, rule[1:]...)
}

// script inserts the rules, the last one first, and becomes the program of its arguments.
func (n *stepNetwork) script() string {
	lines := []string{"set -e"}
	for _, rule := range slices.Backward(n.rules()) {
		lines = append(lines, strings.Join(iptables(rule, "-I"), " "))
	}
	return strings.Join(append(lines, `exec "$@"`), "\n")
}

// containerScript refuses the same in the network of a container of its own, where the machine is behind the route to all others, and becomes
// the program of its arguments.
func containerScript(o Options) string {
	lines := []string{"set -e",
		`routes=$(ip route)`, // an image without the program ends here
		`for gateway in $(echo "$routes" | sed -n 's/^default via \([0-9.]*\).*/\1/p'); do iptables -w -A OUTPUT -d "$gateway" -j REJECT; done`}
	for _, protocol := range []string{"udp", "tcp"} {
		lines = append(lines, "iptables -w -A OUTPUT -p "+protocol+" --dport 53 -d "+metadata.String()+" -j ACCEPT")
	}
	for _, prefix := range append([]netip.Prefix{metadata}, addressesOf(o.Engine)...) {
		lines = append(lines, "iptables -w -A OUTPUT -d "+prefix.String()+" -j REJECT")
	}
	return strings.Join(append(lines, "set +e"), "\n") + "\n"
}

// conflist is the configuration of the programs; dir is where they remember the addresses that are taken.
func (n *stepNetwork) conflist(dir string) []byte {
	bridge := map[string]any{"type": "bridge", "bridge": n.bridge, "isDefaultGateway": true, "ipMasq": true,
		"ipam": map[string]any{"type": "host-local", "dataDir": dir, "ranges": [][]map[string]string{{{"subnet": n.subnet.String()}}}}}
	if n.mtu > 0 {
		bridge["mtu"] = n.mtu
	}
	// Marshalling strings cannot fail.
	text, _ := json.Marshal(map[string]any{"cniVersion": "0.4.0", "name": n.bridge, "plugins": []any{bridge}})
	return text
}

// write writes the configuration of the programs into the temporary directory of a daemon that sees our files below root.
func (n *stepNetwork) write(run, root, addresses string) error {
	if n == nil {
		return nil
	}
	path := filepath.Join(run, "steps.conflist")
	n.config = root + path
	return os.WriteFile(path, n.conflist(addresses), 0o600)
}

// networkFile tells what [stepNetwork.open] has made, in the temporary directory of the daemon: a run that was killed cannot clear it.
const networkFile = "network.json"

// made is its content.
type made struct {
	Bridge string
	Rules  [][]string
}

// network finds a network for the steps, if the options want one; else why says what lacks.
func (o Options) network() (n *stepNetwork, why string) {
	if o.Network != OwnNetwork {
		return nil, ""
	}
	text, err := os.ReadFile("/etc/resolv.conf")
	if err == nil && !resolves(string(text)) && !o.RefuseShared {
		return nil, "the resolver of names is on loopback"
	}
	if n, err = newStepNetwork(o); err != nil {
		return nil, err.Error()
	}
	return n, ""
}

// A SharedError says that a builder works, and was not taken because its steps would share a network.
type SharedError struct{ Why string }

// Error gives the reason, if it is known.
func (e *SharedError) Error() string {
	return "its steps would share the network of its machine" + suffix(": ", e.Why)
}

// ExitStatus is 1.
func (*SharedError) ExitStatus() int { return 1 }

// accept refuses, and closes, a connection to a builder whose steps share a network although they must not.
func (o Options) accept(c *Conn) error {
	if o.Network != OwnNetwork || c.info.Network == OwnNetwork {
		return nil
	}
	if !o.RefuseShared {
		if c.info.NetworkWhy != "" {
			o.Notice("the steps share the network of the builder: " + c.info.NetworkWhy)
		}
		return nil
	}
	_ = c.Close()
	return &SharedError{Why: c.info.NetworkWhy}
}

// open inserts the rules. The programs make the bridge.
func (n *stepNetwork) open(run string) error {
	text, _ := json.Marshal(made{n.bridge, n.rules()})
	if err := os.WriteFile(filepath.Join(run, networkFile), text, 0o600); err != nil {
		return err
	}
	for _, rule := range slices.Backward(n.rules()) {
		args := iptables(rule, "-I")
		if out, err := exec.Command(findBinary(args[0]), args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, firstLine(string(out)))
		}
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// clearNetwork removes what the daemon of a temporary directory had as the network of its steps.
func clearNetwork(run string) {
	text, err := os.ReadFile(filepath.Join(run, networkFile))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var m made
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return
	}
	for _, rule := range m.Rules {
		args := iptables(rule, "-D")
		_ = exec.Command(findBinary(args[0]), args[1:]...).Run()
	}
	if link, err := netlink.LinkByName(m.Bridge); err == nil {
		_ = netlink.LinkDel(link)
	}
}

// resolves reports whether names can be looked up from another loopback: what resolv.conf names is not on ours, or is systemd's, whose own file
// the daemon then reads.
func resolves(resolvConf string) bool {
	asked, there := false, false
	for line := range strings.Lines(resolvConf) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		asked = true
		address, err := netip.ParseAddr(fields[1])
		there = there || err == nil && (!address.IsLoopback() || address == netip.AddrFrom4([4]byte{127, 0, 0, 53}))
	}
	return !asked || there
}

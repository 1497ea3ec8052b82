package graph

// InventoryAll and InventoryRuntime are the files of [Graph.Inventory]: paths of the Nix store, one a line, sorted. The packages
// of InventoryRuntime are in the image.
const (
	InventoryAll     = "all"
	InventoryRuntime = "runtime"

	inventoryDir = "/run/npx-action/inventory"
)

// inventoryScript never fails: what cannot be listed is not in the list.
const inventoryScript = `out=` + inventoryDir + `
requisites() { for profile; do test ! -e $profile || nix-store --query --requisites $profile; done | sort -u; }
requisites /nix/var/nix/profiles/default ~/.nix-profile > $out/` + InventoryAll + ` || true
requisites /nix/var/nix/profiles/runtime > $out/` + InventoryRuntime + ` || true
test -s $out/` + InventoryRuntime + ` || cp $out/` + InventoryAll + ` $out/` + InventoryRuntime

// Inventory returns the graph with one more step, which lists what Nix has installed, and the index of the node that holds the lists. The step
// stands on the packages alone: another line of the app does not run it again. It is false if the plan has no Nix packages.
func (g *Graph) Inventory() (*Graph, int, bool) {
	for _, n := range g.Nodes {
		if _, ok := n.Op.(Run); !ok || n.Part != Nix {
			continue
		}
		more := *g
		more.Nodes = append(g.Nodes[:len(g.Nodes):len(g.Nodes)],
			Node{Part: Nix, Name: "list the packages", Op: Run{On: g.AfterPackages, Command: inventoryScript, Output: inventoryDir}},
			Node{Part: Nix, Name: "the list of packages", Op: RunOutput{Of: len(g.Nodes)}},
		)
		return &more, len(more.Nodes) - 1, true
	}
	return nil, 0, false
}

package graph

import "slices"

// Full returns the graph whose image is the file system that the phases have made, with the app. A program that does not start in the image
// may start there.
func (g *Graph) Full() *Graph {
	full := *g
	full.Image, full.Config.Init = g.AfterPhases, nil // no phase has the init
	if g.Apart {
		full.Nodes = append(slices.Clip(g.Nodes), Node{Part: Start, Name: "copy the app", Op: Copy{On: g.AfterPhases, From: App, Paths: []Path{{".", Dir}}}})
		full.Image = len(full.Nodes) - 1
	}
	return &full
}

package manual

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Descriptions reads what people read in a file of YAML: the remarks, and the values of the key description. Each is a paragraph.
func Descriptions(root, name string) (Page, error) {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return Page{}, err
	}
	var documents strings.Builder
	for d := yaml.NewDecoder(strings.NewReader(string(text))); ; {
		var node yaml.Node
		if err := d.Decode(&node); err != nil {
			if documents.Len() == 0 {
				return Page{}, fmt.Errorf("%s: %w", name, err)
			}
			return Page{name, documents.String()}, nil
		}
		documents.WriteString(strings.Join(descriptions(&node), "\n\n") + "\n\n")
	}
}

func descriptions(node *yaml.Node) []string {
	list := []string{remarkText(node.HeadComment), remarkText(node.LineComment), remarkText(node.FootComment)}
	for i, child := range node.Content {
		list = append(list, descriptions(child)...)
		if node.Kind == yaml.MappingNode && i%2 == 0 && child.Value == "description" {
			list = append(list, node.Content[i+1].Value)
		}
	}
	return slices.DeleteFunc(list, func(text string) bool { return text == "" })
}

// remarkText is a remark of YAML without its marks.
func remarkText(remark string) string {
	lines := strings.Split(remark, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "#"), " ")
	}
	return strings.Join(lines, "\n")
}

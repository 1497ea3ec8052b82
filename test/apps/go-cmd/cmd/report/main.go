// Command report prints a report.
package main

import (
	"fmt"

	"example.com/report/text"
)

func main() {
	fmt.Println("report:", text.Count(2, "whale"))
}

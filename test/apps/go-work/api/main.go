// Command api answers what is in stock.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"apps.example/go-work/stock"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"app":"go-work","pears":%d}`, stock.Pears())
	})
	log.Fatal(http.ListenAndServe(":"+port, nil))
}

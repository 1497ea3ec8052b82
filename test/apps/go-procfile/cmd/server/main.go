// Command server greets whoever asks.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	greeting := flag.String("greeting", "hello", "what to answer")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, *greeting, r.URL.Path) })
	log.Fatal(http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "8080"), nil))
}

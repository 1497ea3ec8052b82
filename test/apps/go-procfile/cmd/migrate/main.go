// Command migrate does nothing yet.
package main

func main() {}

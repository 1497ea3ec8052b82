// Step is the only program in the images that the tests build: it writes, fails or waits.
package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	switch args := os.Args[2:]; os.Args[1] {
	case "write": // FILE TEXT
		check(os.WriteFile(args[0], []byte(args[1]), 0o644))
		fmt.Println("wrote", args[0])
	case "copy": // FROM TO
		data, err := os.ReadFile(args[0])
		check(err)
		check(os.WriteFile(args[1], data, 0o644))
	case "random": // FILE FILE
		text := rand.Text()
		check(os.WriteFile(args[0], []byte(text), 0o644))
		check(os.WriteFile(args[1], []byte(text), 0o644))
	case "fill": // FILE MEGABYTES
		n, err := strconv.Atoi(args[1])
		check(err)
		f, err := os.Create(args[0])
		check(err)
		for range n {
			_, err := f.Write(make([]byte, 1<<20))
			check(err)
		}
		check(f.Close())
	case "fail": // STATUS LINES
		status, err := strconv.Atoi(args[0])
		check(err)
		lines, err := strconv.Atoi(args[1])
		check(err)
		for i := range lines {
			fmt.Println("line", i+1)
		}
		fmt.Print("the end")
		os.Exit(status)
	case "dial": // FILE ADDRESS...
		var answers string
		for _, address := range args[1:] {
			answer := "no"
			if conn, err := net.DialTimeout("tcp", address, 3*time.Second); err == nil {
				answer = "yes"
				check(conn.Close())
			}
			answers += address + " " + answer + "\n"
		}
		check(os.WriteFile(args[0], []byte(answers), 0o644))
	case "serve": // ADDRESS, until its standard input ends
		own, err := net.Listen("tcp", args[0])
		check(err)
		go func() {
			for {
				conn, err := own.Accept()
				check(err)
				check(conn.Close())
			}
		}()
		fmt.Println("serving")
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "hold": // ID
		fmt.Println("holding", args[0])
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		<-c
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

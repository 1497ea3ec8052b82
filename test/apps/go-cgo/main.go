// Command zip shows the version of the C library that it is linked against.
package main

// #include <gnu/libc-version.h>
import "C"

import "fmt"

func main() {
	fmt.Println("linked against glibc", C.GoString(C.gnu_get_libc_version()))
}

package builder

import (
	"os"
	"syscall"
)

// lock takes the exclusive lock of a file, and reports whether it got it. The lock ends with the file or with us.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// ours reports whether a file belongs to the user that we are.
func ours(fi os.FileInfo) bool {
	st, ok := fi.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// Package meter tells what a piece of a test took, whatever else the machine does meanwhile.
package meter

import (
	"runtime/metrics"
	"syscall"
	"time"
)

// A Cost is what something took of the process.
type Cost struct {
	CPU    time.Duration // of all threads
	Memory uint64        // bytes that were allocated, whether they are free again or not
}

// Of runs something and returns what it took. Nothing else may run in the process.
func Of(run func()) Cost {
	cpu, memory := used(), allocated()
	run()
	return Cost{used() - cpu, allocated() - memory}
}

func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

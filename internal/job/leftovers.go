package job

import (
	"io/fs"
	"os"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/reserved"
)

// removeReports removes what a repository has committed under the names of reports. It comes before all that may fail: the CI system takes
// these files from a failed job too, and would take what the author of a merge request wrote for what the job found.
func removeReports(dir string) error { return checkout.Remove(dir, reserved.Reports()...) }

// removePlans removes the plans too, where nobody knows which of them would be the job's.
func removePlans(dir string) error {
	var plans []string
	for _, pattern := range reserved.Plans() {
		names, err := fs.Glob(os.DirFS(dir), pattern)
		if err != nil {
			return err
		}
		plans = append(plans, names...)
	}
	return checkout.Remove(dir, plans...)
}

package report

import (
	"fmt"
	"testing"
)

func TestOtherContentUnderTheSameVersionIsNamed(t *testing.T) {
	r := sample()
	r.Plan, r.Scripts, r.Warnings = r.Base.Plan, r.Base.Scripts, r.Base.Warnings
	r.Dependencies, r.Build = nil, nil
	r.Replaced = []Replacement{{"pad`|<b>", "1.0.0", "package-lock.json"}}
	const what = "``pad`|<b> 1.0.0``"
	has(t, r.Comment(Limit), "🔄 **Other content under the same version of "+what+"** · the plan does not change",
		"Look at: **other content under the same version:** "+what, "| ⚠️ same version, other content | ``pad`\\|<b> 1.0.0``<br><sub>`package-lock.json`</sub> |")
	for i := range 100 {
		r.Replaced = append(r.Replaced, Replacement{fmt.Sprint("p", i), "1", "yarn.lock"})
	}
	has(t, r.Comment(Limit), "`p3 1` and 96 more", "`package-lock.json` and `yarn.lock`")
}

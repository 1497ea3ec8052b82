package forges

import (
	"net/http"
	"strconv"
)

// page is the part of n comments that a request asks for. Both forges give out a hundred at most.
func (m *memory) page(r *http.Request, sizeParameter string, size, n int) (page, from, to int, more bool) {
	query := r.URL.Query()
	if asked, err := strconv.Atoi(query.Get(sizeParameter)); err == nil {
		size = asked
	}
	size = max(min(size, m.pageSize), 1)
	page, _ = strconv.Atoi(query.Get("page"))
	page = max(page, 1)
	from = min((page-1)*size, n)
	to = min(from+size, n)
	return page, from, to, to < n
}

module example.com/shortener

go 1.23

require (
	github.com/go-chi/chi/v5 v5.1.0
	github.com/google/uuid v1.6.0
	golang.org/x/text v0.21.0
)

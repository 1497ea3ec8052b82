module apps.example/go-work/api

go 1.25

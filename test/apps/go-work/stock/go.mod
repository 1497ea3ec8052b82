module apps.example/go-work/stock

go 1.24

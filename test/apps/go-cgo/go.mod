module example.com/zip

go 1.23

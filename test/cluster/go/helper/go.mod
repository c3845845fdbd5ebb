module kthena.dev/test/helper

go 1.24.0

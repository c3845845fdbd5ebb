module kthena.test/helper

go 1.24.0

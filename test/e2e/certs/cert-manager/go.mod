// Pins the version and checksum of cert-manager, whose CRDs the tests take from the module.
module kthena.test/cert-manager

go 1.24

require github.com/cert-manager/cert-manager v1.21.2

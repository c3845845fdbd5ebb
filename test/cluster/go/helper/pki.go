package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// initPKI writes to folder: ca.crt and ca.key; apiserver.crt and apiserver.key
// for 127.0.0.1 and localhost; admin.crt and admin.key, a client in
// system:masters; sa.key, with which service account tokens are signed.
func initPKI(folder string) error {
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	server, err := ca.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	})
	if err != nil {
		return err
	}
	admin, err := ca.issue(clientTemplate("kubernetes-admin", []string{"system:masters"}))
	if err != nil {
		return err
	}
	serviceAccounts, err := newKey()
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"ca.crt": ca.certificatePEM(), "ca.key": ca.keyPEM(),
		"apiserver.crt": server.certificatePEM(), "apiserver.key": server.keyPEM(),
		"admin.crt": admin.certificatePEM(), "admin.key": admin.keyPEM(),
		"sa.key": (&pair{key: serviceAccounts}).keyPEM(),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// issueClient prints a client certificate for a user and its groups, signed by
// the CA in folder, followed by its key.
func issueClient(folder, user string, groups []string, out io.Writer) error {
	ca, err := loadAuthority(folder)
	if err != nil {
		return err
	}
	client, err := ca.issue(clientTemplate(user, groups))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s%s", client.certificatePEM(), client.keyPEM())
	return err
}

// clientTemplate follows Kubernetes' convention: the common name is the user,
// each organization a group.
func clientTemplate(user string, groups []string) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

// pair is a certificate and its private key.
type pair struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority() (*pair, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "kthena-test-ca"},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	return sign(template, template, key, key)
}

func loadAuthority(folder string) (*pair, error) {
	loaded, err := tls.LoadX509KeyPair(filepath.Join(folder, "ca.crt"), filepath.Join(folder, "ca.key"))
	if err != nil {
		return nil, err
	}
	key, ok := loaded.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds no EC key", filepath.Join(folder, "ca.key"))
	}
	return &pair{certificate: loaded.Leaf, key: key}, nil
}

func (ca *pair) issue(template *x509.Certificate) (*pair, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	return sign(template, ca.certificate, key, ca.key)
}

func sign(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) (*pair, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour) // allows for a clock that is set back
	template.NotAfter = time.Now().AddDate(1, 0, 0)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &pair{certificate: certificate, key: key}, nil
}

// newKey makes a P-256 key: RSA keys take a noticeable part of a second each.
func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func (p *pair) certificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
}

func (p *pair) keyPEM() []byte {
	der, err := x509.MarshalECPrivateKey(p.key)
	if err != nil {
		panic(err) // cannot happen to a P-256 key that was just made
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

package main

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
)

func TestWritesAKubeconfigOfOneTokenThatOnlyItsOwnerReads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cluster2")
	err := writeKubeconfig(file, access{Name: "cluster2", Server: "https://127.0.0.1:1", Authority: []byte("CA"), Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	want := `apiVersion: v1
kind: Config
current-context: cluster2
clusters:
- name: cluster2
  cluster:
    server: https://127.0.0.1:1
    certificate-authority-data: Q0E=
users:
- name: cluster2
  user:
    token: secret
contexts:
- name: cluster2
  context:
    cluster: cluster2
    user: cluster2
`
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if others, _ := os.ReadDir(filepath.Dir(file)); len(others) != 1 {
		t.Errorf("a folder of peers must hold nothing but their files: %v", others)
	}
}

func TestAKubeconfigHasAContextForEachClusterAndStartsWithTheFirst(t *testing.T) {
	certificate := pair{Certificate: []byte("C"), Key: []byte("K")}
	got, err := kubeconfig(access{Name: "cluster1", Server: "https://a", Admin: certificate},
		access{Name: "cluster2", Server: "https://b", Admin: certificate})
	if err != nil {
		t.Fatal(err)
	}
	want := `apiVersion: v1
kind: Config
current-context: cluster1
clusters:
- name: cluster1
  cluster:
    server: https://a
    certificate-authority-data: 
- name: cluster2
  cluster:
    server: https://b
    certificate-authority-data: 
users:
- name: cluster1
  user:
    client-certificate-data: Qw==
    client-key-data: Sw==
- name: cluster2
  user:
    client-certificate-data: Qw==
    client-key-data: Sw==
contexts:
- name: cluster1
  context:
    cluster: cluster1
    user: cluster1
- name: cluster2
  context:
    cluster: cluster2
    user: cluster2
`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestAnAuthorityVouchesForItsOwnOnly(t *testing.T) {
	ours, err := newAuthority("cluster1")
	if err != nil {
		t.Fatal(err)
	}
	another, err := newAuthority("cluster2")
	if err != nil {
		t.Fatal(err)
	}
	issued, err := ours.server()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(issued.Certificate)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for authority, trusted := range map[*authority]bool{ours: true, another: false} {
		pool := x509.NewCertPool()
		pool.AddCert(authority.certificate)
		_, err := certificate.Verify(x509.VerifyOptions{Roots: pool, DNSName: "127.0.0.1"})
		if (err == nil) != trusted {
			t.Errorf("trusted should be %v: %v", trusted, err)
		}
	}
}

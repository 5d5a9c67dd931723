package devissuer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	jose "github.com/go-jose/go-jose/v4"
)

const keyBits = 2048

// signingKey gives the key of the options, makes one, or reads it from its file.
func signingKey(o Options) (*rsa.PrivateKey, error) {
	switch {
	case o.SigningKey != nil:
		if o.SigningKey.N.BitLen() < keyBits {
			return nil, fmt.Errorf("the signing key has %d bits; it needs at least %d", o.SigningKey.N.BitLen(), keyBits)
		}
		return o.SigningKey, nil
	case o.KeyFile == "":
		return rsa.GenerateKey(rand.Reader, keyBits)
	}
	key, err := readKey(o.KeyFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = rsa.GenerateKey(rand.Reader, keyBits); err != nil {
		return nil, err
	}
	if err := writeKey(o.KeyFile, key); err != nil {
		if errors.Is(err, fs.ErrExist) {
			// Another process made it meanwhile: both must sign with the same.
			return readKey(o.KeyFile)
		}
		return nil, fmt.Errorf("keeping the signing key: %w", err)
	}
	return key, nil
}

func readKey(file string) (*rsa.PrivateKey, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("%s holds no private key in PEM form; remove it to have one made", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; remove it to have a key made", file, err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < keyBits {
		return nil, fmt.Errorf("%s holds a %T, not an RSA key of at least %d bits; remove it to have one made", file, parsed, keyBits)
	}
	return key, nil
}

// writeKey makes the file appear whole, readable by its owner only, and never in
// place of one that is there.
func writeKey(file string, key *rsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	// Made with mode 0600 by CreateTemp.
	temp, err := os.CreateTemp(filepath.Dir(file), ".signing-key-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	if err := pem.Encode(temp, &pem.Block{Type: "PRIVATE KEY", Bytes: der}); err != nil {
		_ = temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), file); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Not every file system has links.
	return os.Rename(temp.Name(), file)
}

// keyID is the key's thumbprint (RFC 7638): the same key has the same id after a
// restart, and another one another.
func keyID(key *rsa.PrivateKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: &key.PublicKey}).Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("naming the signing key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// privateKey and publicKey show the one key to the provider.
type privateKey struct {
	id  string
	key *rsa.PrivateKey
}

func (k privateKey) ID() string                                  { return k.id }
func (k privateKey) Key() any                                    { return k.key }
func (k privateKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

type publicKey struct{ privateKey }

func (k publicKey) Key() any                           { return &k.key.PublicKey }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }

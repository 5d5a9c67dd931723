package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// maxInput bounds a file that is given as an argument.
const maxInput = 256 << 20

// readInput reads a file, or standard input for "-", and returns the name it goes by in messages.
func readInput(cmd *cobra.Command, file string) (text, name string, err error) {
	var from io.Reader
	if name = file; file == "-" {
		name, from = "<stdin>", cmd.InOrStdin()
	} else {
		f, err := os.Open(file)
		if err != nil {
			return "", name, err
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	switch {
	case err != nil:
		return "", name, fmt.Errorf("%s: %w", name, err)
	case len(data) > maxInput:
		return "", name, errors.New(name + " is too large")
	}
	return string(data), name, nil
}

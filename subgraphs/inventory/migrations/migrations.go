// Package migrations holds the tables of the inventory service, for each kind of database.
package migrations

import "embed"

// Files are the migrations in the folders that package database expects.
//
//go:embed sqlite/*.sql postgres/*.sql
var Files embed.FS

package database_test

import (
	"testing"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

// Replicas of a service that start together on a new database migrate and fill it once.

func TestReplicasOnOneFile(t *testing.T) { database.TestReplicas(t, servicetest.File(t)) }

func TestReplicasOnOneServer(t *testing.T) { database.TestReplicas(t, servicetest.Postgres(t)) }

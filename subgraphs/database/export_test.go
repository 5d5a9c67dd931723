package database

// TestReplicas is run by the external tests, which may import what imports this package.
var TestReplicas = testReplicas

-- +goose Up
-- Rows are only ever added: what has a number keeps its content. Times are microseconds since 1970, UTC.
CREATE TABLE subgraph_revisions (
    name         TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    url          TEXT    NOT NULL,
    sdl          TEXT    NOT NULL,
    sha256       TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    subject      TEXT    NOT NULL,
    issuer       TEXT    NOT NULL,
    PRIMARY KEY (name, number)
) STRICT;

CREATE TABLE supergraph_versions (
    number     INTEGER PRIMARY KEY CHECK (number > 0),
    sdl        TEXT    NOT NULL,
    hints      TEXT    NOT NULL, -- JSON list
    cause      TEXT    NOT NULL, -- JSON object
    created_at INTEGER NOT NULL,
    subject    TEXT    NOT NULL,
    issuer     TEXT    NOT NULL
) STRICT;

CREATE TABLE supergraph_members (
    version  INTEGER NOT NULL REFERENCES supergraph_versions (number),
    name     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (version, name),
    FOREIGN KEY (name, revision) REFERENCES subgraph_revisions (name, number)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE supergraph_members;
DROP TABLE supergraph_versions;
DROP TABLE subgraph_revisions;

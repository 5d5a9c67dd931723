package api

import (
	"strconv"

	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/api/generated"
)

// A cursor is the number of a version or a revision: the page after it holds those numbered below. Numbers
// never change what they stand for, so neither do cursors.

// pageFrom reads the arguments of a page.
func pageFrom(first int, after *string) (before, limit int, err error) {
	if first < 1 || first > registry.MaxPage {
		return 0, 0, failure("BAD_USER_INPUT", "first is %d; it may be 1 to %d", first, registry.MaxPage)
	}
	if after == nil {
		return 0, first, nil
	}
	before, err = strconv.Atoi(*after)
	if err != nil || before < 1 {
		return 0, 0, failure("BAD_USER_INPUT", "after is no cursor of this list; give the endCursor of the page before")
	}
	return before, first, nil
}

func versionPage(page []registry.VersionInfo) *generated.SupergraphVersionConnection {
	c := &generated.SupergraphVersionConnection{
		Edges:    make([]generated.SupergraphVersionEdge, len(page)),
		PageInfo: &generated.PageInfo{},
	}
	for i := range page {
		c.Edges[i] = generated.SupergraphVersionEdge{Cursor: strconv.Itoa(page[i].Number), Node: &page[i]}
		// Numbers have no gaps: the list ends with 1.
		c.PageInfo.EndCursor, c.PageInfo.HasNextPage = &c.Edges[i].Cursor, page[i].Number > 1
	}
	return c
}

func revisionPage(page []registry.RevisionInfo) *generated.SubgraphRevisionConnection {
	c := &generated.SubgraphRevisionConnection{
		Edges:    make([]generated.SubgraphRevisionEdge, len(page)),
		PageInfo: &generated.PageInfo{},
	}
	for i := range page {
		c.Edges[i] = generated.SubgraphRevisionEdge{Cursor: strconv.Itoa(page[i].Number), Node: &page[i]}
		c.PageInfo.EndCursor, c.PageInfo.HasNextPage = &c.Edges[i].Cursor, page[i].Number > 1
	}
	return c
}

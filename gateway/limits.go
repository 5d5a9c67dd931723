package gateway

import (
	"errors"
	"fmt"

	"github.com/weft-gateway/weft/gateway/response"
)

// MaxAnswerDepth is the most that Options.Answers may allow for Depth: answers are read recursively.
const MaxAnswerDepth = 10_000

// answerLimits fills what was left out of the limits of answers.
func answerLimits(l response.Limits) (response.Limits, error) {
	defaults := response.DefaultLimits()
	for _, limit := range []struct{ own, standard *int }{
		{&l.Depth, &defaults.Depth}, {&l.Nodes, &defaults.Nodes}, {&l.Errors, &defaults.Errors},
		{&l.Objects, &defaults.Objects}, {&l.Bytes, &defaults.Bytes},
	} {
		switch {
		case *limit.own < 0:
			return l, errors.New("a limit of answers is negative; leave it out to get the default")
		case *limit.own == 0:
			*limit.own = *limit.standard
		}
	}
	if l.Depth > MaxAnswerDepth {
		return l, fmt.Errorf("answers may not nest %d deep: the most that can be allowed is %d", l.Depth, MaxAnswerDepth)
	}
	return l, nil
}

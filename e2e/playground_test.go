package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/e2e/browser"
)

// TestPlayground is a person in front of the Playground: log in as the clerk at the issuer's page, run a query, look at
// its plan. A screenshot of the end is kept in $WEFT_ARTIFACTS, or a temporary folder.
func TestPlayground(t *testing.T) {
	path, err := browser.Find()
	if err != nil {
		if required("browser") {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	d := newDemo(t)
	d.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	b, err := browser.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		keep(t, b)
		if err := b.Close(); err != nil {
			t.Errorf("close the browser: %v", err)
		}
	}()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	text := func(selector string) string {
		t.Helper()
		var s string
		do(b.Eval(ctx, "document.querySelector('"+selector+"')?.innerText ?? ''", &s))
		return s
	}

	do(b.Navigate(ctx, d.gateway()+"/"))
	do(b.Click(ctx, "[data-testid=login]"))
	do(b.Click(ctx, "#user-bob"))
	do(b.Wait(ctx, "the user's name", "document.querySelector('[data-testid=user-name]')"))
	if name := text("[data-testid=user-name]"); !strings.EqualFold(name, "bob") {
		t.Errorf("the page says that %q is logged in", name)
	}

	// The first example joins both services.
	do(b.Click(ctx, "[data-testid=examples]"))
	do(b.Click(ctx, "[data-testid=example-0]"))
	do(b.Wait(ctx, "the tab", "document.querySelector('.graphiql-tab-active')"))
	if title := text(".graphiql-tab-active"); title == "" || strings.Contains(title, "untitled") {
		t.Errorf("the example's tab is called %q", title)
	}
	do(b.Click(ctx, ".graphiql-execute-button"))
	do(b.Wait(ctx, "the answer", "document.querySelector('.result-window')?.innerText.includes('fulfillable')"))

	do(b.Wait(ctx, "the page", "document.querySelector('[data-testid=plan-toggle]')"))
	var open bool
	do(b.Eval(ctx, "document.querySelector('[data-testid=plan-toggle]').ariaPressed === 'true'", &open))
	if !open {
		do(b.Click(ctx, "[data-testid=plan-toggle]"))
	}
	do(b.Wait(ctx, "the drawn plan", "document.querySelector('[data-testid=plan-graph]')"))
	do(b.Click(ctx, "[data-testid=plan-tab-text]"))
	do(b.Wait(ctx, "the plan's text", "document.querySelector('[data-testid=plan-text]')"))
	plan := text("[data-testid=plan-text]")
	for _, part := range []string{"orders", "inventory", "_entities"} {
		if !strings.Contains(plan, part) {
			t.Errorf("the plan does not speak of %s:\n%s", part, plan)
		}
	}
	do(b.Click(ctx, "[data-testid=plan-tab-graph]"))
	do(b.Wait(ctx, "the drawn plan", "document.querySelector('[data-testid=plan-graph]')"))
	for _, e := range b.Exceptions() {
		t.Errorf("a script of the page failed: %s", e)
	}
}

// keep takes a picture of the page. What it shows also helps where the test failed.
func keep(t *testing.T, b *browser.Browser) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	shot, err := b.Screenshot(ctx)
	if err != nil {
		t.Errorf("take a screenshot: %v", err)
		return
	}
	folder := os.Getenv("WEFT_ARTIFACTS")
	if folder == "" {
		folder, err = os.MkdirTemp("", "weft-artifacts-")
	} else {
		err = os.MkdirAll(folder, 0o755)
	}
	file := filepath.Join(folder, "playground.png")
	if err == nil {
		err = os.WriteFile(file, shot, 0o644)
	}
	if err != nil {
		t.Errorf("keep the screenshot: %v", err) // the browser is still to be closed
		return
	}
	t.Logf("screenshot: %s", file)
}

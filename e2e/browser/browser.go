// Package browser drives a headless Chromium over its DevTools protocol: the few commands that end-to-end tests need, and
// no more than a WebSocket under them.
package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/coder/websocket"
)

// ErrNone says that this machine has no browser that could be driven.
var ErrNone = errors.New("no Chromium or Chrome was found in PATH; WEFT_TEST_BROWSER may name one")

const (
	startTimeout = 30 * time.Second
	maxMessage   = 64 << 20 // a screenshot is one message
)

// Browser is a running Chromium with one page.
type Browser struct {
	command *exec.Cmd
	folder  string
	socket  *websocket.Conn
	session string

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	// console keeps what the page's scripts said was wrong.
	console []string
	gone    error
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// Find returns the path of a browser, or ErrNone.
func Find() (string, error) {
	for _, name := range []string{os.Getenv("WEFT_TEST_BROWSER"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Open starts the browser at path with an empty profile and an empty page.
func Open(ctx context.Context, path string) (*Browser, error) {
	folder, err := os.MkdirTemp("", "weft-browser-")
	if err != nil {
		return nil, err
	}
	b := &Browser{folder: folder, waiting: map[int]chan reply{}}
	b.command = exec.Command(path,
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--window-size=1440,900", "--remote-debugging-port=0", "--user-data-dir="+folder, "about:blank")
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its children end with it
	if err := b.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the browser: %w", err), os.RemoveAll(folder))
	}
	if err := b.connect(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// connect attaches to the browser's page. The browser writes its address to a file.
func (b *Browser) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	var port, path string
	for {
		text, err := os.ReadFile(filepath.Join(b.folder, "DevToolsActivePort"))
		if first, second, ok := strings.Cut(string(text), "\n"); err == nil && ok {
			port, path = first, strings.TrimSpace(second)
			break
		}
		select {
		case <-ctx.Done():
			return errors.New("the browser did not start in time")
		case <-time.After(50 * time.Millisecond):
		}
	}
	socket, _, err := websocket.Dial(ctx, "ws://127.0.0.1:"+port+path, nil)
	if err != nil {
		return fmt.Errorf("connect to the browser: %w", err)
	}
	socket.SetReadLimit(maxMessage)
	b.socket = socket
	go b.read()

	var targets struct {
		TargetInfos []struct{ TargetID, Type string }
	}
	if err := b.call(ctx, "", "Target.getTargets", nil, &targets); err != nil {
		return err
	}
	for _, t := range targets.TargetInfos {
		if t.Type != "page" {
			continue
		}
		var attached struct{ SessionID string }
		if err := b.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": t.TargetID, "flatten": true}, &attached); err != nil {
			return err
		}
		b.session = attached.SessionID
		return errors.Join(b.do(ctx, "Page.enable", nil, nil), b.do(ctx, "Runtime.enable", nil, nil))
	}
	return errors.New("the browser has no page")
}

// read hands the browser's answers to those who wait for them, until the connection ends.
func (b *Browser) read() {
	for {
		_, data, err := b.socket.Read(context.Background())
		if err != nil {
			b.mu.Lock()
			b.gone = fmt.Errorf("the browser is gone: %w", err)
			for id, c := range b.waiting {
				close(c)
				delete(b.waiting, id)
			}
			b.mu.Unlock()
			return
		}
		var message struct {
			ID     int
			Method string
			Params json.RawMessage
			reply
		}
		if json.Unmarshal(data, &message) != nil {
			continue // an event of a shape that nobody here reads
		}
		b.mu.Lock()
		if c, ok := b.waiting[message.ID]; ok && message.ID > 0 {
			c <- message.reply
			delete(b.waiting, message.ID)
		}
		if message.Method == "Runtime.exceptionThrown" {
			b.console = append(b.console, string(message.Params))
		}
		b.mu.Unlock()
	}
}

func (b *Browser) do(ctx context.Context, method string, params, result any) error {
	return b.call(ctx, b.session, method, params, result)
}

func (b *Browser) call(ctx context.Context, session, method string, params, result any) error {
	answer := make(chan reply, 1)
	b.mu.Lock()
	if b.gone != nil {
		defer b.mu.Unlock()
		return b.gone
	}
	b.last++
	id := b.last
	b.waiting[id] = answer
	b.mu.Unlock()
	request := map[string]any{"id": id, "method": method}
	if params != nil {
		request["params"] = params
	}
	if session != "" {
		request["sessionId"] = session
	}
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if err := b.socket.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case r, ok := <-answer:
		switch {
		case !ok:
			return fmt.Errorf("%s: the browser went away", method)
		case r.Error != nil:
			return fmt.Errorf("%s: %s", method, r.Error.Message)
		case result != nil:
			return json.Unmarshal(r.Result, result)
		}
		return nil
	}
}

// Navigate opens a URL.
func (b *Browser) Navigate(ctx context.Context, url string) error {
	var opened struct{ ErrorText string }
	if err := b.do(ctx, "Page.navigate", map[string]any{"url": url}, &opened); err != nil {
		return err
	}
	if opened.ErrorText != "" {
		return fmt.Errorf("open %s: %s", url, opened.ErrorText)
	}
	return nil
}

// Eval evaluates an expression of JavaScript, waiting for it where it is a promise. The result is what JSON makes of it.
func (b *Browser) Eval(ctx context.Context, expression string, result any) error {
	var evaluated struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := b.do(ctx, "Runtime.evaluate", map[string]any{
		"expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
	}, &evaluated)
	switch {
	case err != nil:
		return err
	case evaluated.ExceptionDetails != nil:
		return fmt.Errorf("evaluate %s: %s %s", expression, evaluated.ExceptionDetails.Text, evaluated.ExceptionDetails.Exception.Description)
	case result == nil:
		return nil
	}
	return json.Unmarshal(evaluated.Result.Value, result)
}

// Wait evaluates an expression until it is true.
func (b *Browser) Wait(ctx context.Context, what, expression string) error {
	for {
		var done bool
		// While a page is being left its scripts fail: what counts is that the condition is met in time.
		err := b.Eval(ctx, "Boolean("+expression+")", &done)
		if err == nil && done {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("waiting for %s: not in time", what), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Click waits for an element and clicks in its middle, as a mouse does.
func (b *Browser) Click(ctx context.Context, selector string) error {
	quoted, err := json.Marshal(selector)
	if err != nil {
		return err
	}
	element := "document.querySelector(" + string(quoted) + ")"
	if err := b.Wait(ctx, selector, element+"?.getClientRects().length && !"+element+".disabled"); err != nil {
		return err
	}
	var at struct{ X, Y float64 }
	err = b.Eval(ctx, `(() => { const e = `+element+`; e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2} })()`, &at)
	if err != nil {
		return err
	}
	for _, event := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		params := map[string]any{"type": event, "x": at.X, "y": at.Y}
		if event != "mouseMoved" {
			params["button"], params["clickCount"] = "left", 1
		}
		if err := b.do(ctx, "Input.dispatchMouseEvent", params, nil); err != nil {
			return err
		}
	}
	return nil
}

// Screenshot returns the page as PNG.
func (b *Browser) Screenshot(ctx context.Context) ([]byte, error) {
	var shot struct{ Data string }
	if err := b.do(ctx, "Page.captureScreenshot", map[string]any{"format": "png"}, &shot); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(shot.Data)
}

// Exceptions are those that the page's scripts threw and nobody caught.
func (b *Browser) Exceptions() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.console...)
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() error {
	if b.socket != nil {
		_ = b.socket.CloseNow() // it is about to end anyway
	}
	// The whole process group: the browser is many processes.
	_ = syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL)
	_ = b.command.Wait() // it was killed
	var err error
	for range 20 { // its last processes may still be writing
		if err = os.RemoveAll(b.folder); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

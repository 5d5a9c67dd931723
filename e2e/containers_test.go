package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

// compose is as much of docker-compose.yml as a test without containers can use.
type compose struct {
	Services map[string]struct {
		Build       *struct{ Target string }
		Command     []string
		Environment map[string]string
		Volumes     []string
		Healthcheck *struct{ Test []string }
	}
}

// image is what a stage of the Dockerfile becomes.
type image struct {
	from       string
	entrypoint []string
	user       string
}

// TestContainers runs the start commands of docker-compose.yml as plain processes, each program as its image has it, and
// asks for their health as the containers are asked. Only addresses differ, which the network of the containers gives
// names; and where there is no PostgreSQL for tests, the data is in memory.
func TestContainers(t *testing.T) {
	file, images := readCompose(t), readDockerfile(t)
	free := freePorts(t, 3)
	ports := map[string]int{"4000": free[0], "4001": free[1], "4002": free[2]}
	port := func(text string) string {
		for usual, free := range ports {
			text = strings.ReplaceAll(text, ":"+usual, ":"+strconv.Itoa(free))
		}
		return text
	}
	etc := mounted(t, file.Services["gateway"].Volumes)
	for _, name := range []string{"orders", "inventory", "gateway"} {
		service, ok := file.Services[name]
		if !ok || service.Build == nil || service.Healthcheck == nil {
			t.Fatalf("docker-compose.yml does not build the service %s, or not check its health", name)
		}
		img, ok := images[service.Build.Target]
		if !ok {
			t.Fatalf("service %s: the Dockerfile has no stage %q", name, service.Build.Target)
		}
		if img.user == "" || strings.HasPrefix(img.user, "0") || img.user == "root" {
			t.Errorf("service %s runs as root", name)
		}
		var env, args []string
		for key := range service.Environment {
			if key != "DATABASE_URL" {
				t.Fatalf("service %s: what does the environment variable %s do to a plain process?", name, key)
			}
			env = append(env, key+"="+database(t))
		}
		for _, a := range slices.Concat(img.entrypoint[1:], service.Command) {
			args = append(args, strings.Replace(port(a), "/etc/weft", etc, 1))
		}
		health := "http://127.0.0.1:" + strconv.Itoa(ports["4001"]) + "/health"
		switch name {
		case "inventory":
			health = "http://127.0.0.1:" + strconv.Itoa(ports["4002"]) + "/health"
		case "gateway":
			health = "http://127.0.0.1:" + strconv.Itoa(ports["4000"]) + "/health/ready"
			env = append(env,
				"LISTEN="+net.JoinHostPort("0.0.0.0", strconv.Itoa(ports["4000"])),
				"ORDERS_URL="+fmt.Sprintf("http://127.0.0.1:%d/graphql", ports["4001"]),
				"INVENTORY_URL="+fmt.Sprintf("http://127.0.0.1:%d/graphql", ports["4002"]))
		}
		start(t, health, env, program(t, path.Base(img.entrypoint[0])), args...)
		check(t, name, service.Healthcheck.Test, img, port)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	endpoint := fmt.Sprintf("http://127.0.0.1:%d/graphql", ports["4000"])
	answer, err := query(ctx, endpoint, "", `{ order(id: 1999) { fulfillable items { product { name } } } }`)
	if want := `{"data":{"order":{"fulfillable":false,"items":[{"product":{"name":"Bjork Pocket Knife, classic"}}]}}}`; err != nil || answer != want {
		t.Errorf("the graph answers %s, %v: not %s", answer, err, want)
	}
	answer, err = query(ctx, endpoint, "", `mutation { adjustStock(input: {sku: "TENT-2P", warehouse: "ham", delta: 1}) { name } }`)
	if err != nil || !strings.Contains(answer, "UNAUTHORIZED_FIELD_OR_TYPE") {
		t.Errorf("a stranger may change the stock: %s, %v", answer, err)
	}
}

// database is a new one on the server that tests may use, or "", which is one in memory.
func database(t *testing.T) string {
	t.Helper()
	if os.Getenv("WEFT_TEST_POSTGRES") == "" && !required("postgres") {
		return ""
	}
	return servicetest.Postgres(t)
}

// check runs a health check, which is a program of the image itself: there is nothing else in it.
func check(t *testing.T, service string, command []string, img image, port func(string) string) {
	t.Helper()
	if len(command) < 2 || command[0] != "CMD" || command[1] != img.entrypoint[0] {
		t.Errorf("service %s: the health check %q does not use the image's program %s", service, command, img.entrypoint[0])
		return
	}
	args := command[2:]
	if service == "gateway" { // its check needs no address, but here the port is another
		args = append(slices.Clone(args), "--url", port("http://127.0.0.1:4000/health/ready"))
	}
	var here []string
	for _, a := range args {
		here = append(here, port(a))
	}
	if out, err := exec.Command(program(t, path.Base(command[1])), here...).CombinedOutput(); err != nil {
		t.Errorf("service %s: health check: %v\n%s", service, err, out)
	}
}

func readCompose(t *testing.T) compose {
	t.Helper()
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c compose
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// mounted makes a folder of what the gateway's container has in /etc/weft.
func mounted(t *testing.T, volumes []string) string {
	t.Helper()
	etc := t.TempDir()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range volumes {
		parts := strings.Split(v, ":")
		inside, ok := strings.CutPrefix(parts[1], "/etc/weft")
		if !ok {
			t.Fatalf("the volume %s lies outside of /etc/weft", v)
		}
		if err := os.MkdirAll(filepath.Join(etc, filepath.Dir(inside)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(root, parts[0]), filepath.Join(etc, inside)); err != nil {
			t.Fatal(err)
		}
	}
	return etc
}

// readDockerfile reads the stages, with what they inherit from each other.
func readDockerfile(t *testing.T) map[string]image {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	images, stage := map[string]image{}, ""
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		img := images[stage]
		switch words[0] {
		case "FROM":
			stage = words[len(words)-1]
			img = images[words[1]] // the zero value for images of others
			img.from = words[1]
		case "USER":
			img.user = words[1]
		case "ENTRYPOINT":
			if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "ENTRYPOINT")), &img.entrypoint); err != nil {
				t.Fatalf("Dockerfile: %s: %v", strings.TrimSpace(line), err)
			}
		}
		images[stage] = img
	}
	if images["base"].from != "scratch" {
		t.Error("the images do not start from scratch")
	}
	return images
}

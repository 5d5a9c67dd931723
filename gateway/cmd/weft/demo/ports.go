package demo

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"

	"github.com/weft-gateway/weft/gateway/server"
)

// ports are the open ports, all on this machine alone. The handlers are set before anything is served.
type ports struct {
	orders, inventory, reviews, issuer net.Listener
	gateway, registry                  *server.Listener
	gatewayHandler, registryHandler    late
}

// late is a handler that is known only after its port.
type late struct{ http.Handler }

func (d *Demo) openPorts() error {
	p, a, wanted := &d.ports, &d.addresses, d.options.Ports
	for _, one := range []struct {
		name, flag string
		port       int
		open       func(address string) (net.Addr, error)
		url        *string
	}{
		{"gateway", "port", wanted.Gateway, forServer(&p.gateway, "gateway", &p.gatewayHandler), &a.Gateway},
		{"orders service", "orders-port", wanted.Orders, forHost(&p.orders), &a.Orders},
		{"inventory service", "inventory-port", wanted.Inventory, forHost(&p.inventory), &a.Inventory},
		{"reviews service", "reviews-port", wanted.Reviews, forHost(&p.reviews), &a.Reviews},
		{"issuer", "issuer-port", wanted.Issuer, forHost(&p.issuer), &a.Issuer},
		{"registry API", "registry-port", wanted.Registry, forServer(&p.registry, "registry API", &p.registryHandler), &a.Registry},
	} {
		address, err := one.open(net.JoinHostPort("127.0.0.1", strconv.Itoa(one.port)))
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			return fmt.Errorf("port %d is taken, and the %s wants it: stop what listens there, or choose another port with --%s", one.port, one.name, one.flag)
		case err != nil:
			return fmt.Errorf("the %s cannot listen on port %d (--%s): %w", one.name, one.port, one.flag, err)
		}
		*one.url = urlOf(address)
	}
	return nil
}

func forServer(l **server.Listener, name string, handler *late) func(string) (net.Addr, error) {
	return func(address string) (net.Addr, error) {
		opened, err := server.Listen(name, address, handler)
		if err != nil {
			return nil, err
		}
		*l = opened
		return opened.Addr(), nil
	}
}

func forHost(l *net.Listener) func(string) (net.Addr, error) {
	return func(address string) (net.Addr, error) {
		opened, err := net.Listen("tcp", address)
		if err != nil {
			return nil, err
		}
		*l = opened
		return opened.Addr(), nil
	}
}

// close closes the ports. Those that were served are closed already, and say so, which is no news.
func (p *ports) close() error {
	var errs []error
	note := func(err error) {
		if err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	for _, l := range []*server.Listener{p.gateway, p.registry} {
		if l != nil {
			note(l.Close())
		}
	}
	for _, l := range []net.Listener{p.orders, p.inventory, p.reviews, p.issuer} {
		if l != nil {
			note(l.Close())
		}
	}
	return errors.Join(errs...)
}

// urlOf is an address as people and browsers write it: localhost stands for 127.0.0.1, where everything listens.
func urlOf(address net.Addr) string {
	_, port, err := net.SplitHostPort(address.String())
	if err != nil { // an open TCP port has one
		return "http://" + address.String()
	}
	return "http://localhost:" + port
}

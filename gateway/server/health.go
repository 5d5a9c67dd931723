package server

import (
	"encoding/json"
	"net/http"
)

// health is the body of the health endpoints.
type health struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// serveLive says that the process runs and serves: restart it when this fails.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request) {
	s.writeHealth(w, r, http.StatusOK, health{Status: "live"})
}

// serveReady says whether the process should get traffic now.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	if reason := s.notReady(); reason != "" {
		s.writeHealth(w, r, http.StatusServiceUnavailable, health{"not ready", reason})
		return
	}
	s.writeHealth(w, r, http.StatusOK, health{Status: "ready"})
}

// notReady returns why, or "".
func (s *Server) notReady() string {
	if s.draining.Load() {
		return "the gateway is shutting down"
	}
	if s.options.Snapshot() == nil {
		return "there is no supergraph yet"
	}
	if s.options.Health.Ready != nil {
		if err := s.options.Health.Ready(); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (s *Server) writeHealth(w http.ResponseWriter, r *http.Request, status int, h health) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.writeBody(w, mediaJSON, http.StatusMethodNotAllowed,
			faultBody(&fault{http.StatusMethodNotAllowed, CodeMethodNotAllowed, "health is asked for by GET"}))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	body, err := json.Marshal(h)
	if err != nil { // strings always marshal
		status, body = http.StatusInternalServerError, faultBody(faultInternal)
	}
	s.writeBody(w, mediaJSON, status, body)
}

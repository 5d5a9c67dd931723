package serve

import (
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"runtime/metrics"
)

// debugHandler shows operators what the process does: Go's profiles at /debug/pprof/, and at /debug/runtime what the
// runtime measures of itself. It is for a port of its own: profiles tell much, and taking them costs something.
func debugHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/runtime", runtimeMetrics)
	return mux
}

// runtimeMetrics answers with a JSON object of the metrics of runtime/metrics that are single numbers, by their names.
func runtimeMetrics(w http.ResponseWriter, _ *http.Request) {
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		if d.Kind != metrics.KindFloat64Histogram {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	metrics.Read(samples)
	values := make(map[string]any, len(samples))
	for _, s := range samples {
		switch s.Value.Kind() {
		case metrics.KindUint64:
			values[s.Name] = s.Value.Uint64()
		case metrics.KindFloat64:
			values[s.Name] = s.Value.Float64()
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(values) // who has gone needs no answer
}

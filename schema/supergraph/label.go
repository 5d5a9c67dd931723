package supergraph

import "slices"

// Labels returns the labels of progressive @override, sorted.
func (s *Supergraph) Labels() []string {
	var names []string
	for _, g := range s.Graphs {
		for _, name := range g.TypeNames {
			for _, f := range g.Types[name].Fields {
				if f.OverrideLabel != "" {
					names = append(names, f.OverrideLabel)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

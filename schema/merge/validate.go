package merge

// validate holds the rules that only the merged schema can be held against.
func (m *merger) validate() {
	m.checkImplementations()
	m.checkTransitiveAuthorization()
	if len(m.errors) == 0 {
		m.checkConformance()
		m.checkInaccessible()
	}
}

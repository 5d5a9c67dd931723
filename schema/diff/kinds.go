package diff

// Kind names what changed. The level of a change depends on the kind and on how it changed.
type Kind string

// The kinds of changes.
const (
	RootTypeChanged Kind = "ROOT_TYPE_CHANGED"

	TypeAdded       Kind = "TYPE_ADDED"
	TypeRemoved     Kind = "TYPE_REMOVED"
	TypeKindChanged Kind = "TYPE_KIND_CHANGED"

	FieldAdded       Kind = "FIELD_ADDED"
	FieldRemoved     Kind = "FIELD_REMOVED"
	FieldTypeChanged Kind = "FIELD_TYPE_CHANGED"

	ArgumentAdded          Kind = "ARGUMENT_ADDED"
	ArgumentRemoved        Kind = "ARGUMENT_REMOVED"
	ArgumentTypeChanged    Kind = "ARGUMENT_TYPE_CHANGED"
	ArgumentDefaultChanged Kind = "ARGUMENT_DEFAULT_CHANGED"

	InputFieldAdded          Kind = "INPUT_FIELD_ADDED"
	InputFieldRemoved        Kind = "INPUT_FIELD_REMOVED"
	InputFieldTypeChanged    Kind = "INPUT_FIELD_TYPE_CHANGED"
	InputFieldDefaultChanged Kind = "INPUT_FIELD_DEFAULT_CHANGED"
	OneOfChanged             Kind = "ONE_OF_CHANGED"

	InterfaceAdded     Kind = "INTERFACE_ADDED"
	InterfaceRemoved   Kind = "INTERFACE_REMOVED"
	UnionMemberAdded   Kind = "UNION_MEMBER_ADDED"
	UnionMemberRemoved Kind = "UNION_MEMBER_REMOVED"
	EnumValueAdded     Kind = "ENUM_VALUE_ADDED"
	EnumValueRemoved   Kind = "ENUM_VALUE_REMOVED"

	DirectiveAdded             Kind = "DIRECTIVE_ADDED"
	DirectiveRemoved           Kind = "DIRECTIVE_REMOVED"
	DirectiveRepeatableChanged Kind = "DIRECTIVE_REPEATABLE_CHANGED"
	DirectiveLocationAdded     Kind = "DIRECTIVE_LOCATION_ADDED"
	DirectiveLocationRemoved   Kind = "DIRECTIVE_LOCATION_REMOVED"

	Deprecated               Kind = "DEPRECATED"
	DeprecationRemoved       Kind = "DEPRECATION_REMOVED"
	DeprecationReasonChanged Kind = "DEPRECATION_REASON_CHANGED"
	DescriptionChanged       Kind = "DESCRIPTION_CHANGED"
	SpecifiedByChanged       Kind = "SPECIFIED_BY_CHANGED"
)

package diagnostic

import (
	"maps"
	"slices"
)

// The codes of hints. A name ends in Hint where an error has the same code.
const (
	ContextualArgumentNotContextualInAllSubgraphsHint Code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
	DirectiveCompositionInfo                          Code = "DIRECTIVE_COMPOSITION_INFO"
	DirectiveCompositionWarn                          Code = "DIRECTIVE_COMPOSITION_WARN"
	FromSubgraphDoesNotExist                          Code = "FROM_SUBGRAPH_DOES_NOT_EXIST"
	ImplicitlyUpgradedFederationVersion               Code = "IMPLICITLY_UPGRADED_FEDERATION_VERSION"
	InconsistentArgumentPresence                      Code = "INCONSISTENT_ARGUMENT_PRESENCE"
	InconsistentButCompatibleArgumentType             Code = "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE"
	InconsistentButCompatibleFieldType                Code = "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE"
	InconsistentDefaultValuePresence                  Code = "INCONSISTENT_DEFAULT_VALUE_PRESENCE"
	InconsistentDescription                           Code = "INCONSISTENT_DESCRIPTION"
	InconsistentEntity                                Code = "INCONSISTENT_ENTITY"
	InconsistentEnumValueForInputEnum                 Code = "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM"
	InconsistentEnumValueForOutputEnum                Code = "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM"
	InconsistentExecutableDirectiveLocations          Code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS"
	InconsistentExecutableDirectivePresence           Code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE"
	InconsistentExecutableDirectiveRepeatable         Code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE"
	InconsistentInputObjectField                      Code = "INCONSISTENT_INPUT_OBJECT_FIELD"
	InconsistentInterfaceValueTypeField               Code = "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD"
	InconsistentNonRepeatableDirectiveArguments       Code = "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"
	InconsistentObjectValueTypeField                  Code = "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD"
	InconsistentRuntimeTypesForShareableReturn        Code = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
	InconsistentTypeSystemDirectiveLocations          Code = "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS"
	InconsistentTypeSystemDirectiveRepeatable         Code = "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE"
	InconsistentUnionMember                           Code = "INCONSISTENT_UNION_MEMBER"
	MergedNonRepeatableDirectiveArguments             Code = "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"
	NoExecutableDirectiveIntersection                 Code = "NO_EXECUTABLE_DIRECTIVE_INTERSECTION"
	OverriddenFieldCanBeRemoved                       Code = "OVERRIDDEN_FIELD_CAN_BE_REMOVED"
	OverrideDirectiveCanBeRemoved                     Code = "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED"
	OverrideMigrationInProgress                       Code = "OVERRIDE_MIGRATION_IN_PROGRESS"
	UnusedEnumType                                    Code = "UNUSED_ENUM_TYPE"
)

// hint is what the registry knows of a hint.
type hint struct {
	level   Severity
	meaning string
}

var hints = map[Code]hint{
	ContextualArgumentNotContextualInAllSubgraphsHint: {Info, "an argument comes from a context in some subgraphs only"},
	DirectiveCompositionInfo:                          {Info, "something about a composed directive is worth knowing"},
	DirectiveCompositionWarn:                          {Warn, "something about a composed directive is probably not meant"},
	FromSubgraphDoesNotExist:                          {Warn, "an @override names a subgraph that does not exist"},
	ImplicitlyUpgradedFederationVersion:               {Info, "a subgraph was treated as of a newer federation version than it links"},
	InconsistentArgumentPresence:                      {Warn, "an optional argument is not in all subgraphs and was left out"},
	InconsistentButCompatibleArgumentType:             {Info, "an argument has different types that fit together"},
	InconsistentButCompatibleFieldType:                {Info, "a field has different types that fit together"},
	InconsistentDefaultValuePresence:                  {Warn, "a default value is not in all subgraphs and was left out"},
	InconsistentDescription:                           {Warn, "an element has different descriptions"},
	InconsistentEntity:                                {Info, "a type has a key in some subgraphs only"},
	InconsistentEnumValueForInputEnum:                 {Warn, "a value of an input enum is not in all subgraphs and was left out"},
	InconsistentEnumValueForOutputEnum:                {Debug, "a value of an output enum is not in all subgraphs"},
	InconsistentExecutableDirectiveLocations:          {Warn, "an executable directive has different locations"},
	InconsistentExecutableDirectivePresence:           {Warn, "an executable directive is not in all subgraphs and was left out"},
	InconsistentExecutableDirectiveRepeatable:         {Warn, "an executable directive is repeatable in some subgraphs only"},
	InconsistentInputObjectField:                      {Warn, "an input field is not in all subgraphs and was left out"},
	InconsistentInterfaceValueTypeField:               {Debug, "a field of an interface without key is not in all subgraphs"},
	InconsistentNonRepeatableDirectiveArguments:       {Warn, "a non-repeatable directive is applied with different arguments, and one of them was chosen"},
	InconsistentObjectValueTypeField:                  {Debug, "a field of an object type without key is not in all subgraphs"},
	InconsistentRuntimeTypesForShareableReturn:        {Warn, "a shared field can return different types in its subgraphs"},
	InconsistentTypeSystemDirectiveLocations:          {Debug, "a type system directive has different locations"},
	InconsistentTypeSystemDirectiveRepeatable:         {Debug, "a type system directive is repeatable in some subgraphs only"},
	InconsistentUnionMember:                           {Debug, "a member of a union is not in all subgraphs"},
	MergedNonRepeatableDirectiveArguments:             {Info, "the arguments of a non-repeatable directive were merged"},
	NoExecutableDirectiveIntersection:                 {Warn, "an executable directive has no location that all subgraphs know and was left out"},
	OverriddenFieldCanBeRemoved:                       {Info, "a field was overridden and is not needed any more"},
	OverrideDirectiveCanBeRemoved:                     {Info, "an @override has nothing to override any more"},
	OverrideMigrationInProgress:                       {Info, "a field is being moved by a progressive @override"},
	UnusedEnumType:                                    {Debug, "nothing uses an enum"},
}

// HintCodes lists the codes of hints, in the order of their names.
func HintCodes() []Code { return slices.Sorted(maps.Keys(hints)) }

// Level is the severity of the hints with a code; it is empty for a code that no hint has.
func Level(c Code) Severity { return hints[c].level }

// Meaning says in one line what diagnostics of a code and a severity are about. It is empty for unknown codes.
func Meaning(c Code, s Severity) string {
	if s == Error {
		return errors[c]
	}
	return hints[c].meaning
}

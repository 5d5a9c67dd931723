package diagnostic

import (
	"maps"
	"slices"
)

// The codes of errors.
const (
	AuthRequirementsAppliedOnInterface            Code = "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"
	ContextualArgumentNotContextualInAllSubgraphs Code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
	ContextInvalidSelection                       Code = "CONTEXT_INVALID_SELECTION"
	ContextNameInvalid                            Code = "CONTEXT_NAME_INVALID"
	ContextNotSet                                 Code = "CONTEXT_NOT_SET"
	ContextNoResolvableKey                        Code = "CONTEXT_NO_RESOLVABLE_KEY"
	CostAppliedToInterfaceField                   Code = "COST_APPLIED_TO_INTERFACE_FIELD"
	DefaultValueUsesInaccessible                  Code = "DEFAULT_VALUE_USES_INACCESSIBLE"
	DirectiveCompositionError                     Code = "DIRECTIVE_COMPOSITION_ERROR"
	DirectiveDefinitionInvalid                    Code = "DIRECTIVE_DEFINITION_INVALID"
	DisallowedInaccessible                        Code = "DISALLOWED_INACCESSIBLE"
	DownstreamServiceError                        Code = "DOWNSTREAM_SERVICE_ERROR"
	EmptyMergedEnumType                           Code = "EMPTY_MERGED_ENUM_TYPE"
	EmptyMergedInputType                          Code = "EMPTY_MERGED_INPUT_TYPE"
	EnumValueMismatch                             Code = "ENUM_VALUE_MISMATCH"
	ExtensionWithNoBase                           Code = "EXTENSION_WITH_NO_BASE"
	ExternalArgumentDefaultMismatch               Code = "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH"
	ExternalArgumentMissing                       Code = "EXTERNAL_ARGUMENT_MISSING"
	ExternalArgumentTypeMismatch                  Code = "EXTERNAL_ARGUMENT_TYPE_MISMATCH"
	ExternalCollisionWithAnotherDirective         Code = "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"
	ExternalMissingOnBase                         Code = "EXTERNAL_MISSING_ON_BASE"
	ExternalOnInterface                           Code = "EXTERNAL_ON_INTERFACE"
	ExternalTypeMismatch                          Code = "EXTERNAL_TYPE_MISMATCH"
	ExternalUnused                                Code = "EXTERNAL_UNUSED"
	FieldArgumentDefaultMismatch                  Code = "FIELD_ARGUMENT_DEFAULT_MISMATCH"
	FieldArgumentTypeMismatch                     Code = "FIELD_ARGUMENT_TYPE_MISMATCH"
	FieldTypeMismatch                             Code = "FIELD_TYPE_MISMATCH"
	ImplementedByInaccessible                     Code = "IMPLEMENTED_BY_INACCESSIBLE"
	InputFieldDefaultMismatch                     Code = "INPUT_FIELD_DEFAULT_MISMATCH"
	InterfaceFieldNoImplem                        Code = "INTERFACE_FIELD_NO_IMPLEM"
	InterfaceKeyMissingImplementationType         Code = "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE"
	InterfaceKeyNotOnImplementation               Code = "INTERFACE_KEY_NOT_ON_IMPLEMENTATION"
	InterfaceObjectUsageError                     Code = "INTERFACE_OBJECT_USAGE_ERROR"
	InvalidFederationSupergraph                   Code = "INVALID_FEDERATION_SUPERGRAPH"
	InvalidFieldSharing                           Code = "INVALID_FIELD_SHARING"
	InvalidGraphQL                                Code = "INVALID_GRAPHQL"
	InvalidLinkDirectiveUsage                     Code = "INVALID_LINK_DIRECTIVE_USAGE"
	InvalidLinkIdentifier                         Code = "INVALID_LINK_IDENTIFIER"
	InvalidShareableUsage                         Code = "INVALID_SHAREABLE_USAGE"
	InvalidSubgraphName                           Code = "INVALID_SUBGRAPH_NAME"
	KeyDirectiveInFieldsArg                       Code = "KEY_DIRECTIVE_IN_FIELDS_ARG"
	KeyFieldsHasArgs                              Code = "KEY_FIELDS_HAS_ARGS"
	KeyFieldsSelectInvalidType                    Code = "KEY_FIELDS_SELECT_INVALID_TYPE"
	KeyInvalidFields                              Code = "KEY_INVALID_FIELDS"
	KeyInvalidFieldsType                          Code = "KEY_INVALID_FIELDS_TYPE"
	KeyUnsupportedOnInterface                     Code = "KEY_UNSUPPORTED_ON_INTERFACE"
	LinkImportNameMismatch                        Code = "LINK_IMPORT_NAME_MISMATCH"
	ListSizeAppliedToNonList                      Code = "LIST_SIZE_APPLIED_TO_NON_LIST"
	ListSizeInvalidAssumedSize                    Code = "LIST_SIZE_INVALID_ASSUMED_SIZE"
	ListSizeInvalidSizedField                     Code = "LIST_SIZE_INVALID_SIZED_FIELD"
	ListSizeInvalidSlicingArgument                Code = "LIST_SIZE_INVALID_SLICING_ARGUMENT"
	MaxValidationSubgraphPathsExceeded            Code = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"
	MergedDirectiveApplicationOnExternal          Code = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"
	MissingTransitiveAuthRequirements             Code = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS"
	NoContextInSelection                          Code = "NO_CONTEXT_IN_SELECTION"
	NoQueries                                     Code = "NO_QUERIES"
	OnlyInaccessibleChildren                      Code = "ONLY_INACCESSIBLE_CHILDREN"
	OverrideCollisionWithAnotherDirective         Code = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"
	OverrideFromSelfError                         Code = "OVERRIDE_FROM_SELF_ERROR"
	OverrideLabelInvalid                          Code = "OVERRIDE_LABEL_INVALID"
	OverrideOnInterface                           Code = "OVERRIDE_ON_INTERFACE"
	OverrideSourceHasOverride                     Code = "OVERRIDE_SOURCE_HAS_OVERRIDE"
	ProvidesDirectiveInFieldsArg                  Code = "PROVIDES_DIRECTIVE_IN_FIELDS_ARG"
	ProvidesFieldsHasArgs                         Code = "PROVIDES_FIELDS_HAS_ARGS"
	ProvidesFieldsMissingExternal                 Code = "PROVIDES_FIELDS_MISSING_EXTERNAL"
	ProvidesInvalidFields                         Code = "PROVIDES_INVALID_FIELDS"
	ProvidesInvalidFieldsType                     Code = "PROVIDES_INVALID_FIELDS_TYPE"
	ProvidesOnNonObjectField                      Code = "PROVIDES_ON_NON_OBJECT_FIELD"
	ProvidesUnsupportedOnInterface                Code = "PROVIDES_UNSUPPORTED_ON_INTERFACE"
	QueryRootTypeInaccessible                     Code = "QUERY_ROOT_TYPE_INACCESSIBLE"
	ReferencedInaccessible                        Code = "REFERENCED_INACCESSIBLE"
	RequiredArgumentMissingInSomeSubgraph         Code = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"
	RequiredInaccessible                          Code = "REQUIRED_INACCESSIBLE"
	RequiredInputFieldMissingInSomeSubgraph       Code = "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"
	RequiresDirectiveInFieldsArg                  Code = "REQUIRES_DIRECTIVE_IN_FIELDS_ARG"
	RequiresFieldsMissingExternal                 Code = "REQUIRES_FIELDS_MISSING_EXTERNAL"
	RequiresInvalidFields                         Code = "REQUIRES_INVALID_FIELDS"
	RequiresInvalidFieldsType                     Code = "REQUIRES_INVALID_FIELDS_TYPE"
	RequiresUnsupportedOnInterface                Code = "REQUIRES_UNSUPPORTED_ON_INTERFACE"
	RootMutationUsed                              Code = "ROOT_MUTATION_USED"
	RootQueryUsed                                 Code = "ROOT_QUERY_USED"
	RootSubscriptionUsed                          Code = "ROOT_SUBSCRIPTION_USED"
	SatisfiabilityError                           Code = "SATISFIABILITY_ERROR"
	ShareableHasMismatchedRuntimeTypes            Code = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"
	TypeDefinitionInvalid                         Code = "TYPE_DEFINITION_INVALID"
	TypeKindMismatch                              Code = "TYPE_KIND_MISMATCH"
	TypeWithOnlyUnusedExternal                    Code = "TYPE_WITH_ONLY_UNUSED_EXTERNAL"
	UnknownFederationLinkVersion                  Code = "UNKNOWN_FEDERATION_LINK_VERSION"
	UnknownLinkVersion                            Code = "UNKNOWN_LINK_VERSION"
	UnsupportedFeature                            Code = "UNSUPPORTED_FEATURE"
	UnsupportedLinkedFeature                      Code = "UNSUPPORTED_LINKED_FEATURE"
)

// errors gives each error code its meaning.
var errors = map[Code]string{
	AuthRequirementsAppliedOnInterface:            "an authentication or authorization directive is applied to an interface, an interface's field or an interface object",
	ContextualArgumentNotContextualInAllSubgraphs: "an argument comes from a context in one subgraph and is a required plain argument in another",
	ContextInvalidSelection:                       "the selection of a @fromContext does not fit the types that set the context",
	ContextNameInvalid:                            "a context has a name that is not allowed",
	ContextNotSet:                                 "a @fromContext names a context that nothing sets",
	ContextNoResolvableKey:                        "a type with a contextual argument has no resolvable key",
	CostAppliedToInterfaceField:                   "@cost is applied to a field of an interface",
	DefaultValueUsesInaccessible:                  "a default value that the API schema shows uses an element that it hides",
	DirectiveCompositionError:                     "a directive cannot be composed as @composeDirective asks",
	DirectiveDefinitionInvalid:                    "a schema defines a directive of a specification otherwise than the specification does",
	DisallowedInaccessible:                        "@inaccessible is applied to an element that must not be hidden",
	DownstreamServiceError:                        "a subgraph did not answer when asked for its schema",
	EmptyMergedEnumType:                           "no value of an enum that is used as an input is known to all its subgraphs",
	EmptyMergedInputType:                          "no field of an input type is known to all its subgraphs",
	EnumValueMismatch:                             "an enum that is used as input and as output has different values in its subgraphs",
	ExtensionWithNoBase:                           "a type is extended, and no subgraph defines it",
	ExternalArgumentDefaultMismatch:               "an argument of an @external field has another default value than where the field is resolved",
	ExternalArgumentMissing:                       "an @external field lacks an argument that it has where it is resolved",
	ExternalArgumentTypeMismatch:                  "an argument of an @external field has another type than where the field is resolved",
	ExternalCollisionWithAnotherDirective:         "@external is applied together with a directive that says the opposite",
	ExternalMissingOnBase:                         "a field is @external in every subgraph that has it",
	ExternalOnInterface:                           "@external is applied to a field of an interface",
	ExternalTypeMismatch:                          "an @external field has another type than where it is resolved",
	ExternalUnused:                                "nothing in the subgraph uses an @external field",
	FieldArgumentDefaultMismatch:                  "an argument has different default values in its subgraphs",
	FieldArgumentTypeMismatch:                     "an argument has types in its subgraphs that do not fit together",
	FieldTypeMismatch:                             "a field has types in its subgraphs that do not fit together",
	ImplementedByInaccessible:                     "a hidden element implements one that the API schema shows",
	InputFieldDefaultMismatch:                     "an input field has different default values in its subgraphs",
	InterfaceFieldNoImplem:                        "a type does not have a field of an interface that it implements in the supergraph",
	InterfaceKeyMissingImplementationType:         "a subgraph with a key on an interface does not define all of its implementations",
	InterfaceKeyNotOnImplementation:               "a key of an interface is missing from one of its implementations",
	InterfaceObjectUsageError:                     "@interfaceObject is used where it has no meaning",
	InvalidFederationSupergraph:                   "a schema that should be a supergraph is none",
	InvalidFieldSharing:                           "a field is resolved by several subgraphs, and not all of them mark it @shareable",
	InvalidGraphQL:                                "a schema is not valid GraphQL",
	InvalidLinkDirectiveUsage:                     "an application of @link is wrong",
	InvalidLinkIdentifier:                         "the url of an application of @link is not that of a specification",
	InvalidShareableUsage:                         "@shareable is used where it has no meaning",
	InvalidSubgraphName:                           "a subgraph has a name that is not allowed",
	KeyDirectiveInFieldsArg:                       "the fields of a @key carry a directive",
	KeyFieldsHasArgs:                              "a @key selects a field that takes arguments",
	KeyFieldsSelectInvalidType:                    "a @key selects a field whose type cannot be part of a key",
	KeyInvalidFields:                              "the fields of a @key do not exist or do not parse",
	KeyInvalidFieldsType:                          "the fields argument of a @key is not a string",
	KeyUnsupportedOnInterface:                     "@key is applied to an interface in a version that does not have that",
	LinkImportNameMismatch:                        "a composed directive has different names in its subgraphs",
	ListSizeAppliedToNonList:                      "@listSize is applied to a field that returns no list",
	ListSizeInvalidAssumedSize:                    "the assumedSize of a @listSize is negative",
	ListSizeInvalidSizedField:                     "a sizedField of a @listSize is not a list field of the returned type",
	ListSizeInvalidSlicingArgument:                "a slicingArgument of a @listSize is not an integer argument of the field",
	MaxValidationSubgraphPathsExceeded:            "the check that every field can be reached would take too long",
	MergedDirectiveApplicationOnExternal:          "a composed directive is applied to an @external field",
	MissingTransitiveAuthRequirements:             "a field needs others whose authorization it does not itself ask for",
	NoContextInSelection:                          "a @fromContext names no context",
	NoQueries:                                     "no subgraph has a query",
	OnlyInaccessibleChildren:                      "a type that the API schema shows has only hidden children",
	OverrideCollisionWithAnotherDirective:         "@override is applied together with a directive that says the opposite",
	OverrideFromSelfError:                         "an @override names its own subgraph",
	OverrideLabelInvalid:                          "the label of an @override is not well formed",
	OverrideOnInterface:                           "@override is applied to a field of an interface",
	OverrideSourceHasOverride:                     "a field is overridden in a chain or in two subgraphs at once",
	ProvidesDirectiveInFieldsArg:                  "the fields of a @provides carry a directive",
	ProvidesFieldsHasArgs:                         "a @provides selects a field that takes arguments",
	ProvidesFieldsMissingExternal:                 "a @provides selects a field that is not @external",
	ProvidesInvalidFields:                         "the fields of a @provides do not exist or do not parse",
	ProvidesInvalidFieldsType:                     "the fields argument of a @provides is not a string",
	ProvidesOnNonObjectField:                      "@provides is applied to a field that returns no composite type",
	ProvidesUnsupportedOnInterface:                "@provides is applied to a field of an interface",
	QueryRootTypeInaccessible:                     "the query root type is hidden",
	ReferencedInaccessible:                        "an element that the API schema shows refers to one that it hides",
	RequiredArgumentMissingInSomeSubgraph:         "an argument is required in one subgraph and unknown in another",
	RequiredInaccessible:                          "a required argument or input field is hidden while its parent is shown",
	RequiredInputFieldMissingInSomeSubgraph:       "an input field is required in one subgraph and unknown in another",
	RequiresDirectiveInFieldsArg:                  "the fields of a @requires carry a directive",
	RequiresFieldsMissingExternal:                 "a @requires selects a field that is not @external",
	RequiresInvalidFields:                         "the fields of a @requires do not exist or do not parse",
	RequiresInvalidFieldsType:                     "the fields argument of a @requires is not a string",
	RequiresUnsupportedOnInterface:                "@requires is applied to a field of an interface",
	RootMutationUsed:                              "a type named Mutation is not the mutation root type",
	RootQueryUsed:                                 "a type named Query is not the query root type",
	RootSubscriptionUsed:                          "a type named Subscription is not the subscription root type",
	SatisfiabilityError:                           "the API schema allows an operation that the subgraphs cannot answer",
	ShareableHasMismatchedRuntimeTypes:            "a shared field can return no type that all its subgraphs know",
	TypeDefinitionInvalid:                         "a schema defines a type of a specification otherwise than the specification does",
	TypeKindMismatch:                              "a type is of different kinds in its subgraphs",
	TypeWithOnlyUnusedExternal:                    "a type has nothing but @external fields that nothing uses",
	UnknownFederationLinkVersion:                  "a schema links a version of the federation specification that is not known",
	UnknownLinkVersion:                            "a schema links a version of the link specification that is not known",
	UnsupportedFeature:                            "a schema uses something that this composition does not support",
	UnsupportedLinkedFeature:                      "a schema links a specification that must be understood and is not",
}

// ErrorCodes lists the codes of errors, in the order of their names.
func ErrorCodes() []Code { return slices.Sorted(maps.Keys(errors)) }

// IsError reports whether the code is that of an error.
func IsError(c Code) bool { _, ok := errors[c]; return ok }

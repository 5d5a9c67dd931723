// Answers each question, a line of JSON, on a line, with the reference implementation of the packages in WEFT_ORACLE_DIR.
// Subgraphs are [{"name", "url", "sdl"}, …], findings [{"code", "message", "coordinate"}, …].
//   {"compose": subgraphs}                      →  {"supergraph", "api", "errors": findings, "hints": findings}; "unparsed"
//                                                  where one of them is no GraphQL, so that nothing was composed
//   {"merge": subgraphs}                        →  the same, without the check whether it can be satisfied
//   {"read": supergraph}                        →  {"api"}
//   {"plan": supergraph, "operations": [text]}  →  {"plans": [{"fetches", "depth", "subgraphs", "asked", "hasty", "text"} or {"failure"}, …]}
//   …or {"failure"} where the reference breaks down.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.env.WEFT_ORACLE_DIR + '/');
const { composeServices } = require('@apollo/composition');
const { Supergraph, operationFromDocument, printSchema } = require('@apollo/federation-internals');
const { QueryPlanner, prettyFormatQueryPlan } = require('@apollo/query-planner');
const { parse } = require('graphql');

const apiOf = (sdl) => printSchema(Supergraph.build(sdl, { supportedFeatures: null }).apiSchema());

function compose(subgraphs, options) {
  let services;
  try {
    services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  } catch (e) {
    return { unparsed: true, errors: [{ code: 'INVALID_GRAPHQL', message: e.message }] };
  }
  let result;
  try {
    result = composeServices(services, options);
  } catch (e) {
    result = { errors: e.causes ?? [e] };
  }
  return {
    supergraph: result.supergraphSdl,
    api: result.supergraphSdl && apiOf(result.supergraphSdl),
    errors: (result.errors ?? []).map((e) => ({ code: e.extensions?.code, message: e.message })),
    hints: (result.hints ?? []).map((h) => ({ code: h.definition.code, message: h.message, coordinate: h.coordinate })),
  };
}

function read(sdl) {
  new QueryPlanner(Supergraph.build(sdl, { supportedFeatures: null, validateSupergraph: true }), {});
  return { api: apiOf(sdl) };
}

function plan(sdl, operations) {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: null, validateSupergraph: true });
  const planner = new QueryPlanner(supergraph, {});
  return {
    plans: operations.map((text) => {
      try {
        const made = planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), parse(text)));
        const size = measure(made.node);
        return { ...size, subgraphs: size.asked.map((a) => a.subgraph).sort(), hasty: hasty(made.node, [], []), text: prettyFormatQueryPlan(made) };
      } catch (e) {
        return { failure: String(e) };
      }
    }),
  };
}

// How many fetches a plan's node has, how many of them come one after another, and what they ask of which subgraphs.
function measure(node) {
  switch (node?.kind) {
    case undefined: return { fetches: 0, depth: 0, asked: [] };
    case 'Fetch': return { fetches: 1, depth: 1, asked: [{ subgraph: node.serviceName, operation: node.operation }] };
    case 'Flatten': return measure(node.node);
    case 'Sequence': return together(node.nodes, (depths) => depths.reduce((a, b) => a + b, 0));
    case 'Parallel': return together(node.nodes, (depths) => Math.max(...depths));
    case 'Subscription': return together([node.primary, node.rest], (depths) => depths[0] + depths[1]);
    case 'Condition': return together([node.ifClause, node.elseClause], (depths) => Math.max(...depths));
  }
  throw new Error(`a plan of kind ${node.kind}`);
}

function together(nodes, depth) {
  const all = nodes.map(measure);
  return {
    fetches: all.reduce((sum, m) => sum + m.fetches, 0),
    depth: depth(all.map((m) => m.depth)),
    asked: all.flatMap((m) => m.asked),
  };
}

// The values of contexts that a plan's node sends though no fetch before it has asked for them. at is where in the response
// the node is, known are the paths that the fetches before it have asked for; both are without the marks of lists.
function hasty(node, at, known) {
  switch (node?.kind) {
    case 'Fetch': return (node.contextRewrites ?? []).filter((r) => !known.includes(valuePath(at, r.path))).map((r) => r.renameKeyTo);
    case 'Flatten': return hasty(node.node, node.path.filter((p) => p !== '@'), known);
    case 'Parallel': return node.nodes.flatMap((n) => hasty(n, at, known));
    case 'Sequence': return oneByOne(node.nodes, at, known);
    case 'Subscription': return oneByOne([node.primary, node.rest], at, known);
    case 'Condition': return [node.ifClause, node.elseClause].flatMap((n) => hasty(n, at, known));
  }
  return [];
}

function oneByOne(nodes, at, known) {
  const out = [];
  for (const node of nodes) {
    out.push(...hasty(node, at, known));
    known = [...known, ...pathsOf(node, at)];
  }
  return out;
}

// Where a value is, that a fetch at some objects reads: ".." leads up, "... on T" stays.
function valuePath(at, path) {
  const out = [...at];
  for (const step of path) {
    if (step === '..') out.pop();
    else if (step !== '@' && !step.startsWith('... on ')) out.push(step);
  }
  return out.join('.');
}

// The paths in the response that a node asks for.
function pathsOf(node, at) {
  switch (node?.kind) {
    case 'Fetch': {
      const root = parse(node.operation);
      const fragments = Object.fromEntries(root.definitions.filter((d) => d.kind === 'FragmentDefinition').map((d) => [d.name.value, d]));
      const { selectionSet } = root.definitions.find((d) => d.kind === 'OperationDefinition');
      return selected(node.requires?.length ? selectionSet.selections[0].selectionSet : selectionSet, at, fragments);
    }
    case 'Flatten': return pathsOf(node.node, node.path.filter((p) => p !== '@'));
    case 'Parallel': case 'Sequence': return node.nodes.flatMap((n) => pathsOf(n, at));
    case 'Subscription': return [node.primary, node.rest].flatMap((n) => pathsOf(n, at));
    case 'Condition': return [node.ifClause, node.elseClause].flatMap((n) => pathsOf(n, at));
  }
  return [];
}

function selected(set, at, fragments) {
  return (set?.selections ?? []).flatMap((s) => {
    switch (s.kind) {
      case 'Field': {
        const here = [...at, (s.alias ?? s.name).value];
        return [here.join('.'), ...selected(s.selectionSet, here, fragments)];
      }
      case 'FragmentSpread': return selected(fragments[s.name.value].selectionSet, at, fragments);
    }
    return selected(s.selectionSet, at, fragments);
  });
}

function answer(question) {
  if (question.compose) return compose(question.compose);
  if (question.merge) return compose(question.merge, { runSatisfiability: false });
  if (question.read) return read(question.read);
  return plan(question.plan, question.operations);
}

for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = answer(JSON.parse(line));
  } catch (e) {
    out = { failure: String(e) };
  }
  console.log(JSON.stringify(out));
}

// Answers each line of its input on a line, with the reference implementation of the packages in WEFT_ORACLE_DIR:
//   {"compose": [{"name", "url", "sdl"}, …]}  →  {"supergraphSdl", "api", "errors": [{"code", "message"}], "hints": [{"code", "message", "coordinate"}]}
//   {"read": "supergraph SDL"}                →  {"api"}, or {"failure"} when its planner cannot read the supergraph
// Run by the tests of this package.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.env.WEFT_ORACLE_DIR + '/');
const { composeServices } = require('@apollo/composition');
const { Supergraph, printSchema } = require('@apollo/federation-internals');
const { QueryPlanner } = require('@apollo/query-planner');
const { parse } = require('graphql');

const apiOf = (sdl) => printSchema(Supergraph.build(sdl, { supportedFeatures: null }).apiSchema());

function compose(subgraphs) {
  let result;
  try {
    result = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  } catch (e) {
    result = { errors: e.causes ?? [e] };
  }
  return {
    supergraphSdl: result.supergraphSdl,
    api: result.supergraphSdl && apiOf(result.supergraphSdl),
    errors: (result.errors ?? []).map((e) => ({ code: e.extensions?.code, message: e.message })),
    hints: (result.hints ?? []).map((h) => ({ code: h.definition.code, message: h.message, coordinate: h.coordinate })),
  };
}

function read(sdl) {
  try {
    new QueryPlanner(Supergraph.build(sdl, { supportedFeatures: null, validateSupergraph: true }), {});
    return { api: apiOf(sdl) };
  } catch (e) {
    return { failure: String(e) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  console.log(JSON.stringify(question.compose ? compose(question.compose) : read(question.read)));
}

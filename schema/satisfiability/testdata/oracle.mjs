// Answers, for each line {"subgraphs": {name: sdl}}, what the reference composition says: the merged supergraph (made even
// when it is not satisfiable), its API schema, and the errors and hints. Run by the tests with WEFT_ORACLE_DIR set.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
const require = createRequire(process.env.WEFT_ORACLE_DIR + '/');
const { composeServices } = require('@apollo/composition');
const { Supergraph, printSchema } = require('@apollo/federation-internals');
const { parse } = require('graphql');
const said = (list) => (list ?? []).map((e) => ({ code: e.extensions?.code ?? e.definition?.code, message: e.message, coordinate: e.coordinate }));
function answer({ subgraphs }) {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: '', typeDefs: parse(sdl) }));
  const merged = composeServices(services, { runSatisfiability: false });
  if (merged.errors) return { mergeErrors: said(merged.errors) };
  let checked;
  try { checked = composeServices(services); } catch (e) { checked = { errors: [{ extensions: { code: 'THROWN' }, message: String(e) }] }; }
  const api = printSchema(Supergraph.build(merged.supergraphSdl, { supportedFeatures: null }).apiSchema());
  return { supergraph: merged.supergraphSdl, api, errors: said(checked.errors), hints: said(checked.hints) };
}
for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try { out = answer(JSON.parse(line)); } catch (e) { out = { mergeErrors: [{ code: 'THROWN', message: String(e) }] }; }
  console.log(JSON.stringify(out));
}

// Answers, for each JSON string on a line that is a supergraph schema, the API schema that the reference derives of it,
// after it has validated it. Run by the tests with WEFT_ORACLE_DIR set.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
const require = createRequire(process.env.WEFT_ORACLE_DIR + '/');
const { Supergraph, printSchema } = require('@apollo/federation-internals');
const { QueryPlanner } = require('@apollo/query-planner');
for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    const supergraph = Supergraph.build(JSON.parse(line), { supportedFeatures: null, validateSupergraph: true });
    new QueryPlanner(supergraph, {});
    out = { api: printSchema(supergraph.apiSchema()) };
  } catch (e) {
    out = { error: String(e) };
  }
  console.log(JSON.stringify(out));
}

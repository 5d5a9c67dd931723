// Answers, for each JSON string on a line that is a supergraph schema, its API schema as the reference derives it.
// Run by the tests with WEFT_ORACLE_DIR set.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
const require = createRequire(process.env.WEFT_ORACLE_DIR + '/');
const { Supergraph, printSchema } = require('@apollo/federation-internals');
for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = { api: printSchema(Supergraph.build(JSON.parse(line), { supportedFeatures: null, validateSupergraph: false }).apiSchema()) };
  } catch (e) {
    out = { error: String(e) };
  }
  console.log(JSON.stringify(out));
}

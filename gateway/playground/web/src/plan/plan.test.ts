import { expect, test } from 'vitest';
import { describe as describeNode, planOf, summaryOf, timeOf } from './plan';

test('the plan is taken out of the answer, and nothing else', () => {
  const node = { id: 0, subgraph: 'orders', label: 'Query', dependsOn: [], operation: '{ a }', durationMs: 3.21, representations: 2 };
  const { plan, shown } = planOf({ data: { a: 1 }, extensions: { plan: { text: 'p', nodes: [node] }, cost: 3 } });
  expect(shown).toEqual({ data: { a: 1 }, extensions: { cost: 3 } });
  expect(plan?.text).toBe('p');
  expect(plan?.nodes[0]).toMatchObject({ ...node, made: true });
  expect(timeOf(plan!.nodes[0]!)).toBe('3.2 ms');
  expect(describeNode(plan!.nodes[0]!)).toBe('Query × 2');
});

test('extensions that held only the plan are gone', () => {
  expect(planOf({ data: null, extensions: { plan: { text: '', nodes: [] } } }).shown).toEqual({ data: null });
});

test('an answer without a plan stays what it is', () => {
  for (const answer of [{ data: {} }, { data: {}, extensions: { plan: null } }, { data: {}, extensions: { a: 1 } }]) {
    expect(planOf(answer)).toEqual({ plan: null, shown: answer });
  }
});

test('a plan of another shape does no harm', () => {
  const { plan } = planOf({ extensions: { plan: { nodes: [{}, { id: 1, dependsOn: ['x', 0], durationMs: 'long', made: false }] } } });
  expect(plan).toEqual({
    text: '',
    nodes: [{ id: 1, subgraph: 'the gateway itself', label: '', dependsOn: [0], operation: '', path: undefined, made: false }],
  });
  expect(timeOf(plan!.nodes[0]!)).toBe('not needed');
});

test('a summary counts the calls of subgraphs, and has the time where it is known', () => {
  const node = { id: 0, subgraph: '', label: 'introspection', dependsOn: [], operation: '', made: true };
  expect(summaryOf({ text: '', fetches: 1, nodes: [node, node] }, 12.4)).toBe('1 fetch · 12 ms');
  expect(summaryOf({ text: '', nodes: [node, node] })).toBe('2 fetches');
});

import { expect, test } from 'vitest';
import { lastPlan } from '../plan/plan';
import { events } from './fetcher';

test('the plan of each event is in its pane, and not among what is shown', async () => {
  async function* answers(): AsyncGenerator<unknown, void> {
    yield { data: { a: 1 }, extensions: { plan: { text: 'first', fetches: 1, nodes: [] } } };
    yield { data: { a: 2 }, extensions: { plan: { text: 'second', fetches: 2, nodes: [] } } };
    yield { data: { a: 3 } };
  }
  const seen: unknown[] = [];
  for await (const shown of events(answers(), 'News')) {
    seen.push([shown, lastPlan.get()?.plan?.text]);
    expect(lastPlan.get()?.operation).toBe('News');
  }
  expect(seen).toEqual([
    [{ data: { a: 1 } }, 'first'],
    [{ data: { a: 2 } }, 'second'],
    [{ data: { a: 3 } }, undefined],
  ]);
});

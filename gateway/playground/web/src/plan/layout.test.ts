import { describe, expect, test } from 'vitest';
import { layOut, nodeHeight, nodeWidth, pathOf } from './layout';
import type { PlanNode } from './plan';

function nodes(...dependencies: number[][]): PlanNode[] {
  return dependencies.map((dependsOn, id) => ({ id, dependsOn, subgraph: 's', label: '', operation: '', made: true }));
}

describe('layOut', () => {
  test('an empty plan has no size', () => {
    expect(layOut([])).toEqual({ width: 0, height: 0, depth: 0, nodes: [], edges: [] });
  });

  test('a fetch stands below all that it waits for', () => {
    const layout = layOut(nodes([], [0], [0, 1], [1], [2, 3, 0]));
    const top = new Map(layout.nodes.map(({ node, y }) => [node.id, y]));
    for (const { from, to } of layout.edges) expect(top.get(to)! - top.get(from)!).toBeGreaterThan(nodeHeight);
    expect(layout.depth).toBe(4);
    expect(layout.edges).toHaveLength(7);
  });

  test('fetches do not overlap and lie within the drawing', () => {
    const layout = layOut(nodes([], [], [], [0, 2], [1], [0, 1, 2], [3, 4, 5], [6, 0], [6, 2]));
    for (const a of layout.nodes) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + nodeWidth).toBeLessThanOrEqual(layout.width);
      expect(a.y + nodeHeight).toBeLessThanOrEqual(layout.height);
      for (const b of layout.nodes) {
        if (a !== b && a.y === b.y) expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(nodeWidth);
      }
    }
  });

  test('an edge that passes a layer does not pass behind its fetches', () => {
    const layout = layOut(nodes([], [0], [0, 1]));
    const long = layout.edges.find(({ from, to }) => from === 0 && to === 2)!;
    const between = layout.nodes.find(({ node }) => node.id === 1)!;
    const passing = long.points.filter(({ y }) => y >= between.y && y <= between.y + nodeHeight);
    expect(passing).toHaveLength(2);
    for (const { x } of passing) expect(x < between.x || x > between.x + nodeWidth).toBe(true);
  });

  test('dependencies that are unknown, doubled or in a circle do no harm', () => {
    const layout = layOut(nodes([7], [0, 0], [3], [2]));
    expect(layout.edges.filter(({ from, to }) => from === 0 && to === 1)).toHaveLength(1);
    expect(layout.nodes).toHaveLength(4);
  });

  test('the same plan is drawn in the same way', () => {
    const plan = nodes([], [0], [0], [1, 2], [0, 3]);
    expect(layOut(plan)).toEqual(layOut(plan));
  });
});

test('a path curves between layers and is straight within', () => {
  expect(pathOf([{ x: 0, y: 0 }, { x: 10, y: 20 }, { x: 10, y: 40 }])).toBe('M0 0C0 10 10 10 10 20L10 40');
});

// A layered drawing of a plan: each fetch stands below all that it waits for. An
// edge that passes layers gets a slot in each of them, so that it goes between the
// fetches there and not behind them.
import type { PlanNode } from './plan';

export const nodeWidth = 208;
export const nodeHeight = 62;
const slotWidth = 20;
const gap = 22;
const layerGap = 46;
const margin = 14;

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode extends Point {
  node: PlanNode;
}

export interface PlacedEdge {
  from: number;
  to: number;
  points: Point[];
}

export interface Layout {
  width: number;
  height: number;
  depth: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

/** A fetch, or a place where a long edge passes a layer. */
interface Slot {
  node: PlanNode | null;
  width: number;
  above: Slot[];
  /** Centre. */
  x: number;
}

export function layOut(plan: PlanNode[]): Layout {
  const nodes = new Map(plan.map((node) => [node.id, node]));
  const layerOf = layering(nodes);
  const depth = Math.max(0, ...layerOf.values()) + (nodes.size > 0 ? 1 : 0);
  const layers: Slot[][] = Array.from({ length: depth }, () => []);
  const slots = new Map<number, Slot>();
  for (const node of nodes.values()) {
    const slot: Slot = { node, width: nodeWidth, above: [], x: 0 };
    slots.set(node.id, slot);
    layers[layerOf.get(node.id)!]!.push(slot);
  }

  const chains: { from: number; to: number; chain: Slot[] }[] = [];
  for (const node of nodes.values()) {
    for (const from of parentsOf(node, nodes, layerOf)) {
      const chain = [slots.get(from)!];
      for (let layer = layerOf.get(from)! + 1; layer < layerOf.get(node.id)!; layer++) {
        const slot: Slot = { node: null, width: slotWidth, above: [chain.at(-1)!], x: 0 };
        layers[layer]!.push(slot);
        chain.push(slot);
      }
      const last = slots.get(node.id)!;
      last.above.push(chain.at(-1)!);
      chain.push(last);
      chains.push({ from, to: node.id, chain });
    }
  }

  const width = place(layers);
  const top = new Map<Slot, number>();
  layers.forEach((layer, i) => layer.forEach((slot) => top.set(slot, margin + i * (nodeHeight + layerGap))));
  return {
    width,
    height: depth === 0 ? 0 : 2 * margin + depth * nodeHeight + (depth - 1) * layerGap,
    depth,
    nodes: [...slots.values()].map((slot) => ({
      node: slot.node!,
      x: slot.x - nodeWidth / 2,
      y: top.get(slot)!,
    })),
    edges: chains.map(({ from, to, chain }) => ({ from, to, points: through(chain, top) })),
  };
}

/** The dependencies that there are, once each, and that do not form a circle. */
function parentsOf(node: PlanNode, nodes: Map<number, PlanNode>, layerOf: Map<number, number>): number[] {
  return [...new Set(node.dependsOn)].filter(
    (id) => nodes.has(id) && layerOf.get(id)! < layerOf.get(node.id)!,
  );
}

/** The layer of each fetch: one below the lowest of what it waits for. */
function layering(nodes: Map<number, PlanNode>): Map<number, number> {
  const layerOf = new Map<number, number>();
  const visiting = new Set<number>();
  const visit = (id: number): number => {
    const known = layerOf.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) return -1; // a circle, which no plan has; it must not hang the page
    visiting.add(id);
    let layer = 0;
    for (const parent of nodes.get(id)!.dependsOn) {
      if (nodes.has(parent)) layer = Math.max(layer, visit(parent) + 1);
    }
    visiting.delete(id);
    layerOf.set(id, layer);
    return layer;
  };
  for (const id of nodes.keys()) visit(id);
  return layerOf;
}

/** Orders each layer by the places of what stands above, and centres it. Returns the width. */
function place(layers: Slot[][]): number {
  const widths = layers.map((layer) => layer.reduce((sum, slot) => sum + slot.width + gap, -gap));
  const widest = Math.max(0, ...widths);
  layers.forEach((layer, i) => {
    if (i > 0) {
      const wish = new Map(layer.map((slot) => [slot, meanAbove(slot, widest / 2)]));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)!);
    }
    let x = margin + (widest - widths[i]!) / 2;
    for (const slot of layer) {
      slot.x = x + slot.width / 2;
      x += slot.width + gap;
    }
  });
  return layers.length === 0 ? 0 : widest + 2 * margin;
}

function meanAbove(slot: Slot, otherwise: number): number {
  if (slot.above.length === 0) return otherwise;
  return slot.above.reduce((sum, above) => sum + above.x, 0) / slot.above.length;
}

function through(chain: Slot[], top: Map<Slot, number>): Point[] {
  const points: Point[] = [];
  chain.forEach((slot, i) => {
    const y = top.get(slot)!;
    if (i > 0) points.push({ x: slot.x, y });
    if (i < chain.length - 1) points.push({ x: slot.x, y: y + nodeHeight });
  });
  return points;
}

/** An SVG path through the points: curves between layers, straight lines within. */
export function pathOf(points: Point[]): string {
  return points
    .map(({ x, y }, i) => {
      const before = points[i - 1];
      if (!before) return `M${x} ${y}`;
      if (before.x === x) return `L${x} ${y}`;
      const middle = (before.y + y) / 2;
      return `C${before.x} ${middle} ${x} ${middle} ${x} ${y}`;
    })
    .join('');
}

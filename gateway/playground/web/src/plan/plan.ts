import { Store } from '../store';

/** One call of a subgraph, as the gateway describes it. */
export interface PlanNode {
  id: number;
  subgraph: string;
  label: string;
  dependsOn: number[];
  /** The GraphQL document that the subgraph is sent. */
  operation: string;
  /** Where in the answer its data goes. */
  path?: string;
  /** false: it was not needed, for there was nothing to ask for. */
  made: boolean;
  /** When it began, from the beginning of the request, and how long it took. */
  startMs?: number;
  durationMs?: number;
  /** How many entities were asked for. */
  representations?: number;
}

export interface Plan {
  text: string;
  /** How many calls of subgraphs it takes, where the gateway says so. */
  fetches?: number;
  nodes: PlanNode[];
}

export interface LastPlan {
  /** null: the gateway answered without one. */
  plan: Plan | null;
  operation: string;
  /** From the request to the answer; not known of the events of a subscription. */
  milliseconds?: number;
}

/** The plan of the operation that ran last; null before the first. */
export const lastPlan = new Store<LastPlan | null>(null);

/** Takes the plan out of a GraphQL response: it has a pane of its own. */
export function planOf(answer: object): { plan: Plan | null; shown: object } {
  const { extensions, ...rest } = answer as { extensions?: Record<string, unknown> };
  if (!extensions || typeof extensions.plan !== 'object' || extensions.plan === null) {
    return { plan: null, shown: answer };
  }
  const { plan, ...others } = extensions;
  const shown = Object.keys(others).length > 0 ? { ...rest, extensions: others } : rest;
  return { plan: readPlan(plan as Record<string, unknown>), shown };
}

function readPlan(plan: Record<string, unknown>): Plan {
  const nodes: PlanNode[] = [];
  for (const value of Array.isArray(plan.nodes) ? plan.nodes : []) {
    const node = value as Partial<PlanNode>;
    if (typeof node.id !== 'number') continue;
    nodes.push({
      id: node.id,
      subgraph: String(node.subgraph || 'the gateway itself'), // what introspection asks is no subgraph's
      label: String(node.label ?? ''),
      dependsOn: Array.isArray(node.dependsOn) ? node.dependsOn.filter((id) => typeof id === 'number') : [],
      operation: String(node.operation ?? ''),
      path: node.path ? String(node.path) : undefined,
      made: node.made !== false,
      startMs: numberIn(node.startMs),
      durationMs: numberIn(node.durationMs),
      representations: numberIn(node.representations),
    });
  }
  return { text: typeof plan.text === 'string' ? plan.text : '', fetches: numberIn(plan.fetches), nodes };
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** What stands above a plan: the calls it takes, and the time that the whole took. */
export function summaryOf({ fetches, nodes }: Plan, time?: number): string {
  const count = fetches ?? nodes.length;
  return `${count} ${count === 1 ? 'fetch' : 'fetches'}` + (time === undefined ? '' : ` · ${Math.round(time)} ms`);
}

/** How long a fetch took, or that it was not made; empty when the gateway does not say. */
export function timeOf(node: PlanNode): string {
  if (!node.made) return 'not needed';
  return node.durationMs === undefined ? '' : milliseconds(node.durationMs);
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** What a fetch asks for, and of how many entities. */
export function describe(node: PlanNode): string {
  return node.representations ? `${node.label} × ${node.representations}` : node.label;
}

/** The subgraphs of a plan in the order in which it first names them. */
export function subgraphsOf(plan: Plan): string[] {
  return [...new Set(plan.nodes.map((node) => node.subgraph))];
}

/** The colour that a subgraph has in all views of a plan. */
export function colourOf(plan: Plan, subgraph: string): string {
  return `var(--weft-subgraph-${subgraphsOf(plan).indexOf(subgraph) % 8})`;
}

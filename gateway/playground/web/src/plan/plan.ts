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
  durationMs?: number;
}

export interface Plan {
  text: string;
  nodes: PlanNode[];
}

export interface LastPlan {
  /** null: the gateway answered without one. */
  plan: Plan | null;
  operation: string;
  milliseconds: number;
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
      subgraph: String(node.subgraph ?? ''),
      label: String(node.label ?? ''),
      dependsOn: Array.isArray(node.dependsOn) ? node.dependsOn.filter((id) => typeof id === 'number') : [],
      operation: String(node.operation ?? ''),
      path: node.path ? String(node.path) : undefined,
      durationMs: typeof node.durationMs === 'number' ? node.durationMs : undefined,
    });
  }
  return { text: typeof plan.text === 'string' ? plan.text : '', nodes };
}

/** The subgraphs of a plan in the order in which it first names them. */
export function subgraphsOf(plan: Plan): string[] {
  return [...new Set(plan.nodes.map((node) => node.subgraph))];
}

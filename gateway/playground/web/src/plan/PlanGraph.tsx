import { useMemo, useState, type KeyboardEvent } from 'react';
import { layOut, nodeHeight, nodeWidth, pathOf, type PlacedNode } from './layout';
import { subgraphsOf, type Plan, type PlanNode } from './plan';

/** A drawing that is too wide for its pane shrinks, as far as it can still be read, and then scrolls. */
const smallest = 0.7;

/** The drawn plan, and below it the fetch that was chosen. */
export function PlanGraph({ plan }: { plan: Plan }) {
  const layout = useMemo(() => layOut(plan.nodes), [plan]);
  const subgraphs = subgraphsOf(plan);
  const colour = (subgraph: string) => `var(--weft-subgraph-${subgraphs.indexOf(subgraph) % 8})`;
  const [chosen, setChosen] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const selected = plan.nodes.find((node) => node.id === chosen) ?? plan.nodes[0];
  const lit = pointed ?? selected?.id;

  if (plan.nodes.length === 0) {
    return <p className="weft-quiet">No subgraph is asked: the gateway answers this by itself.</p>;
  }
  return (
    <>
      <ul className="weft-legend" aria-label="Subgraphs">
        {subgraphs.map((subgraph) => (
          <li key={subgraph} style={{ '--colour': colour(subgraph) }}>
            {subgraph}
          </li>
        ))}
      </ul>
      <div className="weft-drawing">
        <svg
          style={{ width: layout.width, minWidth: layout.width * smallest }}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          role="group"
          aria-label={`The plan, drawn: ${plan.nodes.length} fetches in ${layout.depth} steps`}
          data-testid="plan-graph"
        >
          <defs>
            <marker id="plan-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
              <path d="M0 0.5L7.5 4L0 7.5z" className="weft-arrow" />
            </marker>
          </defs>
          {layout.edges.map(({ from, to, points }) => (
            <path
              key={`${from}-${to}`}
              d={pathOf(points)}
              className={lit === from || lit === to ? 'weft-edge weft-edge-lit' : 'weft-edge'}
              markerEnd="url(#plan-arrow)"
            />
          ))}
          {layout.nodes.map((placed) => (
            <Fetch
              key={placed.node.id}
              placed={placed}
              colour={colour(placed.node.subgraph)}
              chosen={placed.node.id === selected?.id}
              onChoose={() => setChosen(placed.node.id)}
              onPoint={setPointed}
            />
          ))}
        </svg>
      </div>
      {selected && <Details node={plan.nodes.find((node) => node.id === pointed) ?? selected} />}
    </>
  );
}

interface FetchProps {
  placed: PlacedNode;
  colour: string;
  chosen: boolean;
  onChoose: () => void;
  onPoint: (id: number | null) => void;
}

function Fetch({ placed: { node, x, y }, colour, chosen, onChoose, onPoint }: FetchProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  };
  return (
    <g
      transform={`translate(${x} ${y})`}
      className={chosen ? 'weft-fetch weft-fetch-chosen' : 'weft-fetch'}
      style={{ '--colour': colour }}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={`Fetch ${node.id} from ${node.subgraph}: ${node.label}`}
      data-testid={`plan-node-${node.id}`}
      onClick={onChoose}
      onKeyDown={onKeyDown}
      onMouseEnter={() => onPoint(node.id)}
      onMouseLeave={() => onPoint(null)}
      onFocus={() => onPoint(node.id)}
      onBlur={() => onPoint(null)}
    >
      <title>{`${node.subgraph}: ${node.label}`}</title>
      <rect width={nodeWidth} height={nodeHeight} rx="9" className="weft-fetch-box" />
      <rect x="9" y="13" width="4" height={nodeHeight - 26} rx="2" className="weft-fetch-band" />
      <text x="23" y="25" className="weft-fetch-subgraph">
        {shorten(node.subgraph, node.durationMs === undefined ? 22 : 14)}
      </text>
      <text x="23" y="45" className="weft-fetch-label">
        {shorten(node.label, 28)}
      </text>
      {node.durationMs !== undefined && (
        <text x={nodeWidth - 12} y="25" textAnchor="end" className="weft-fetch-time">
          {milliseconds(node.durationMs)}
        </text>
      )}
    </g>
  );
}

function Details({ node }: { node: PlanNode }) {
  return (
    <section className="weft-details" aria-label={`Fetch ${node.id}`}>
      <h3>
        Sent to <strong>{node.subgraph}</strong>
        {node.path && (
          <>
            {' '}
            for <code>{node.path}</code>
          </>
        )}
        {node.durationMs !== undefined && <span className="weft-quiet"> in {milliseconds(node.durationMs)}</span>}
      </h3>
      <pre className="weft-code" data-testid="plan-operation" tabIndex={0}>
        {node.operation}
      </pre>
    </section>
  );
}

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

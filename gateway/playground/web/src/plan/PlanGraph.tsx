import { useMemo, type KeyboardEvent } from 'react';
import { layOut, nodeHeight, nodeWidth, pathOf, type PlacedNode } from './layout';
import { colourOf, describe, timeOf, type Plan } from './plan';

/** A drawing that is too wide for its pane shrinks, as far as it can still be read, and then scrolls. */
const smallest = 0.7;

interface GraphProps {
  plan: Plan;
  /** The fetch whose operation is shown. */
  chosen: number;
  onChoose: (id: number) => void;
  onPoint: (id: number | null) => void;
}

/** The plan, drawn: fetches, and what waits for what. */
export function PlanGraph({ plan, chosen, onChoose, onPoint }: GraphProps) {
  const layout = useMemo(() => layOut(plan.nodes), [plan]);
  return (
    <div className="weft-drawing">
      <svg
        style={{ width: layout.width, minWidth: layout.width * smallest }}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label={`The plan, drawn: ${plan.nodes.length} fetches in ${layout.depth} steps`}
        data-testid="plan-graph"
      >
        <defs>
          <marker
            id="plan-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0.5L7.5 4L0 7.5z" className="weft-arrow" />
          </marker>
        </defs>
        {layout.edges.map(({ from, to, points }) => (
          <path
            key={`${from}-${to}`}
            d={pathOf(points)}
            className={chosen === from || chosen === to ? 'weft-edge weft-edge-lit' : 'weft-edge'}
            markerEnd="url(#plan-arrow)"
          />
        ))}
        {layout.nodes.map((placed) => (
          <Fetch
            key={placed.node.id}
            placed={placed}
            colour={colourOf(plan, placed.node.subgraph)}
            chosen={placed.node.id === chosen}
            onChoose={() => onChoose(placed.node.id)}
            onPoint={onPoint}
          />
        ))}
      </svg>
    </div>
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
  const time = timeOf(node);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  };
  return (
    <g
      transform={`translate(${x} ${y})`}
      className={`weft-fetch${chosen ? ' weft-fetch-chosen' : ''}${node.made ? '' : ' weft-fetch-idle'}`}
      style={{ '--colour': colour }}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={[node.subgraph, describe(node), time].filter(Boolean).join(' ')}
      data-testid={`plan-node-${node.id}`}
      onClick={onChoose}
      onKeyDown={onKeyDown}
      onMouseEnter={() => onPoint(node.id)}
      onMouseLeave={() => onPoint(null)}
      onFocus={() => onPoint(node.id)}
      onBlur={() => onPoint(null)}
    >
      <title>{`${node.subgraph}: ${describe(node)}`}</title>
      <rect width={nodeWidth} height={nodeHeight} rx="9" className="weft-fetch-box" />
      <rect x="9" y="13" width="4" height={nodeHeight - 26} rx="2" className="weft-fetch-band" />
      <text x="23" y="25" className="weft-fetch-subgraph">
        {shorten(node.subgraph, time ? 14 : 22)}
      </text>
      <text x="23" y="45" className="weft-fetch-label">
        {shorten(describe(node), 28)}
      </text>
      {time && (
        <text x={nodeWidth - 12} y="25" textAnchor="end" className="weft-fetch-time">
          {time}
        </text>
      )}
    </g>
  );
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

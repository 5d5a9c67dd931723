import { colourOf, describe, timeOf, type Plan, type PlanNode } from './plan';

interface TimelineProps {
  plan: Plan;
  chosen: number;
  onChoose: (id: number) => void;
}

/** When each fetch ran: what ran at once, and what the request waited for. */
export function PlanTimeline({ plan, chosen, onChoose }: TimelineProps) {
  const rows = [...plan.nodes].sort((a, b) => startOf(a) - startOf(b) || a.id - b.id);
  const end = Math.max(...rows.filter((node) => node.made).map((node) => startOf(node) + (node.durationMs ?? 0)), 0.1);
  return (
    <ol className="weft-timeline" data-testid="plan-timeline">
      {rows.map((node) => (
        <li key={node.id}>
          <button
            type="button"
            aria-pressed={node.id === chosen}
            data-testid={`plan-row-${node.id}`}
            style={{ '--colour': colourOf(plan, node.subgraph) }}
            onClick={() => onChoose(node.id)}
          >
            <span className="weft-row-text">
              <strong>{node.subgraph}</strong> <span className="weft-quiet">{describe(node)}</span>
            </span>
            <span className="weft-row-time">{timeOf(node)}</span>
            <svg className="weft-row-bar" width="100%" height="8" aria-hidden="true">
              <rect className="weft-row-track" width="100%" height="8" rx="4" />
              {node.made && (
                <rect
                  className="weft-row-run"
                  x={percent(startOf(node), end)}
                  width={percent(Math.max(node.durationMs ?? 0, end * 0.012), end)}
                  height="8"
                  rx="4"
                />
              )}
            </svg>
          </button>
        </li>
      ))}
    </ol>
  );
}

function startOf(node: PlanNode): number {
  // What was not made stands at the end.
  return node.made ? (node.startMs ?? 0) : Infinity;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)}%`;
}

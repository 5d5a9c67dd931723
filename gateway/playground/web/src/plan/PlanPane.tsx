import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from '../store';
import { planPane, resizePlanPane } from './pane';
import { colourOf, lastPlan, subgraphsOf, summaryOf, timeOf, type LastPlan, type Plan, type PlanNode } from './plan';
import { PlanGraph } from './PlanGraph';
import { PlanTimeline } from './PlanTimeline';

/** The pane at the right: how the last query was answered. */
export function PlanPane() {
  const last = useStore(lastPlan);
  const { open, width } = useStore(planPane);
  if (!open) return null;
  return (
    <section className="weft-plan" style={{ '--pane-width': `${width}px` }} aria-label="Query plan" data-testid="plan-pane">
      <Edge width={width} />
      <div className="weft-plan-head">
        <h2>Query plan</h2>
        {last?.plan && (
          <span className="weft-quiet" data-testid="plan-summary">
            <strong>{last.operation}</strong> · {summaryOf(last.plan, last.milliseconds)}
          </span>
        )}
      </div>
      {last?.plan ? <PlanTabs plan={last.plan} /> : <NoPlan last={last} />}
    </section>
  );
}

/** The pane's edge, which makes it wider or narrower. */
function Edge({ width }: { width: number }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) resizePlanPane(window.innerWidth - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') resizePlanPane(width + 24);
    if (event.key === 'ArrowRight') resizePlanPane(width - 24);
  };
  return (
    <div
      className="weft-plan-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the query plan"
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}

function NoPlan({ last }: { last: LastPlan | null }) {
  if (!last) return <p className="weft-quiet">Run a query to see which subgraphs answer it, and in what order.</p>;
  return (
    <p className="weft-quiet" data-testid="plan-absent">
      The gateway answered <strong>{last.operation}</strong> without a plan. It shows plans of valid operations, to those
      who may see them.
    </p>
  );
}

type View = 'Graph' | 'Timeline' | 'Text';

function PlanTabs({ plan }: { plan: Plan }) {
  const timed = plan.nodes.some((node) => node.startMs !== undefined);
  const views: View[] = timed ? ['Graph', 'Timeline', 'Text'] : ['Graph', 'Text'];
  const [wanted, setWanted] = useState<View>('Graph');
  const view = views.includes(wanted) ? wanted : 'Graph';
  const step = (by: number) => {
    const next = views[(views.indexOf(view) + by + views.length) % views.length]!;
    setWanted(next);
    document.getElementById(`plan-tab-${next}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label="How the plan is shown" className="weft-tabs">
        {views.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`plan-tab-${name}`}
            aria-selected={view === name}
            aria-controls="plan-view"
            tabIndex={view === name ? 0 : -1}
            data-testid={`plan-tab-${name.toLowerCase()}`}
            onClick={() => setWanted(name)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') step(-1);
              if (event.key === 'ArrowRight') step(1);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="plan-view" aria-labelledby={`plan-tab-${view}`} className="weft-plan-view">
        {view === 'Text' ? (
          <pre className="weft-code" data-testid="plan-text" tabIndex={0}>
            {plan.text}
          </pre>
        ) : (
          <Fetches key={plan.text} plan={plan} view={view} />
        )}
      </div>
    </>
  );
}

/** The fetches in one of two views, and below them the one that is chosen or pointed at. */
function Fetches({ plan, view }: { plan: Plan; view: 'Graph' | 'Timeline' }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const shown = pointed ?? chosen;
  const node = plan.nodes.find(({ id }) => id === shown) ?? plan.nodes[0];
  if (!node) {
    return <p className="weft-quiet">No subgraph is asked: the gateway answers this by itself.</p>;
  }
  return (
    <>
      <ul className="weft-legend" aria-label="Subgraphs">
        {subgraphsOf(plan).map((subgraph) => (
          <li key={subgraph} style={{ '--colour': colourOf(plan, subgraph) }}>
            {subgraph}
          </li>
        ))}
      </ul>
      {view === 'Graph' ? (
        <PlanGraph plan={plan} chosen={node.id} onChoose={setChosen} onPoint={setPointed} />
      ) : (
        <PlanTimeline plan={plan} chosen={node.id} onChoose={setChosen} />
      )}
      <Details node={node} />
    </>
  );
}

function Details({ node }: { node: PlanNode }) {
  const time = timeOf(node);
  return (
    <section className="weft-details" aria-label={`Fetch ${node.id}`}>
      <h3>
        {node.made ? 'Sent to' : 'For'} <strong>{node.subgraph}</strong>
        {node.path && (
          <>
            {' '}
            at <code>{node.path}</code>
          </>
        )}
        {time && <span className="weft-quiet"> · {time}</span>}
      </h3>
      <pre className="weft-code" data-testid="plan-operation" tabIndex={0}>
        {node.operation}
      </pre>
    </section>
  );
}

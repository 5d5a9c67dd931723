import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from '../store';
import { planPane, resizePlanPane } from './pane';
import { lastPlan, type LastPlan, type Plan } from './plan';
import { PlanGraph } from './PlanGraph';

/** The pane at the right: how the last query was answered. */
export function PlanPane() {
  const last = useStore(lastPlan);
  const { open, width } = useStore(planPane);
  if (!open) return null;
  return (
    <section className="weft-plan" style={{ width }} aria-label="Query plan" data-testid="plan-pane">
      <Edge width={width} />
      <div className="weft-plan-head">
        <h2>Query plan</h2>
        {last?.plan && (
          <span className="weft-quiet" data-testid="plan-summary">
            <strong>{last.operation}</strong> · {last.plan.nodes.length} {last.plan.nodes.length === 1 ? 'fetch' : 'fetches'} ·{' '}
            {Math.round(last.milliseconds)} ms
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

const views = ['Graph', 'Text'] as const;

function PlanTabs({ plan }: { plan: Plan }) {
  const [view, setView] = useState<(typeof views)[number]>('Graph');
  return (
    <>
      <div className="weft-plan-bar">
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
              onClick={() => setView(name)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
                const other = name === 'Graph' ? 'Text' : 'Graph';
                setView(other);
                document.getElementById(`plan-tab-${other}`)?.focus();
              }}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <div role="tabpanel" id="plan-view" aria-labelledby={`plan-tab-${view}`} className="weft-plan-view">
        {view === 'Graph' ? (
          <PlanGraph plan={plan} />
        ) : (
          <pre className="weft-code" data-testid="plan-text" tabIndex={0}>
            {plan.text}
          </pre>
        )}
      </div>
    </>
  );
}

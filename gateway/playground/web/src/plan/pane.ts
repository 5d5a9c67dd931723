import { Store } from '../store';

export interface PlanPaneState {
  open: boolean;
  /** In CSS pixels. */
  width: number;
}

const key = 'weft.plan-pane';
const narrowest = 300;
const widest = 1200;
/** The pane is there from the start where it leaves enough room to write. */
const roomy = 1200;

/** Whether and how wide the plan is shown. The browser remembers it. */
export const planPane = new Store<PlanPaneState>(remembered());

export function togglePlanPane(): void {
  const state = planPane.get();
  change({ ...state, open: !state.open });
}

export function resizePlanPane(width: number): void {
  change({ ...planPane.get(), width: bounded(width) });
}

function change(state: PlanPaneState): void {
  planPane.set(state);
  try {
    localStorage.setItem(key, JSON.stringify(state));
  } catch {
    // Without storage it is forgotten, and nothing else.
  }
}

function remembered(): PlanPaneState {
  const state: PlanPaneState = { open: window.innerWidth >= roomy, width: bounded(window.innerWidth * 0.31) };
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<PlanPaneState>;
    if (typeof stored.open === 'boolean') state.open = stored.open;
    if (typeof stored.width === 'number') state.width = bounded(stored.width);
  } catch {
    // What is stored is not ours: begin anew.
  }
  return state;
}

function bounded(width: number): number {
  return Math.round(Math.min(widest, Math.max(narrowest, width)));
}

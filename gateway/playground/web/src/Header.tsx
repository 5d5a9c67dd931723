import { Account } from './account/Account';
import type { Session } from './account/session';
import type { Config } from './config';
import { Examples } from './Examples';
import { Logo } from './Logo';
import { planPane, togglePlanPane } from './plan/pane';
import { RegistryHint } from './RegistryHint';
import { useStore } from './store';
import { ThemeSwitch } from './ThemeSwitch';

export function Header({ config, session }: { config: Config; session: Session }) {
  const endpoint = new URL(config.endpoint, location.href);
  return (
    <header className="weft-header">
      <div className="weft-brand">
        <Logo />
        <h1>Weft</h1>
        {config.title && <span className="weft-graph">{config.title}</span>}
        <code className="weft-endpoint" title="Where GraphQL is served">
          {endpoint.host + endpoint.pathname}
        </code>
      </div>
      <nav className="weft-actions" aria-label="Playground">
        <RegistryHint command={config.registryHint} />
        <Examples examples={config.exampleQueries} />
        <PlanSwitch />
        <ThemeSwitch />
        <Account session={session} />
      </nav>
    </header>
  );
}

function PlanSwitch() {
  const { open } = useStore(planPane);
  return (
    <button
      type="button"
      className="weft-button"
      data-testid="plan-toggle"
      aria-pressed={open}
      onClick={togglePlanPane}
    >
      Plan
    </button>
  );
}

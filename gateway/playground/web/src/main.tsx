import './workers';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/plan.css';

import { createRoot } from 'react-dom/client';
import { Session } from './account/session';
import { App } from './App';
import { loadConfig } from './config';

async function start(root: HTMLElement): Promise<void> {
  const config = await loadConfig();
  document.title = config.title ? `${config.title} · Weft Playground` : 'Weft Playground';
  const session = new Session(config);
  await session.finishLogIn();
  createRoot(root).render(<App config={config} session={session} />);
}

const root = document.getElementById('root')!;
start(root).catch((error: unknown) => {
  const message = document.createElement('p');
  message.className = 'weft-failure';
  message.role = 'alert';
  message.textContent = `The Playground cannot start. ${error instanceof Error ? error.message : String(error)}`;
  root.replaceChildren(message);
});

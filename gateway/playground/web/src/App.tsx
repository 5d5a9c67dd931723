import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useMemo } from 'react';
import { LoginProblem } from './account/Account';
import type { Session } from './account/session';
import type { Config } from './config';
import { createFetcher } from './gateway/fetcher';
import { Header } from './Header';
import { PlanPane } from './plan/PlanPane';
import { useEditorThemes } from './themes';

const plugins = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];
/** How many of the examples are open when someone comes for the first time. */
const openAtFirst = 3;

const welcome = `# Write a query here and run it with Ctrl-Enter.
# Ctrl-Space suggests what the graph has; the book at the left explains it.

query Welcome {
  __typename
}
`;

export function App({ config, session }: { config: Config; session: Session }) {
  const fetcher = useMemo(() => createFetcher(config, session), [config, session]);
  const tabs = config.exampleQueries
    .slice(0, openAtFirst)
    .map(({ query, variables }) => ({ query, variables: variables ?? '', headers: '' }));
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={plugins}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={welcome}
      defaultTabs={tabs.length > 0 ? tabs : undefined}
      editorTheme={{ light: 'weft-light', dark: 'weft-dark' }}
      shouldPersistHeaders={false}
    >
      <HistoryStore>
        <DocExplorerStore>
          <Page config={config} session={session} />
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

function Page({ config, session }: { config: Config; session: Session }) {
  useEditorThemes();
  return (
    <div className="weft">
      <Header config={config} session={session} />
      <LoginProblem session={session} />
      <main>
        <div className="weft-editor">
          <GraphiQLInterface showPersistHeadersSettings={false}>
            <GraphiQL.Logo>
              <span />
            </GraphiQL.Logo>
          </GraphiQLInterface>
        </div>
        <PlanPane />
      </main>
    </div>
  );
}

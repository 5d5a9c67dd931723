import { DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { Example } from './config';

/** The example queries. Each opens in a tab of its own. */
export function Examples({ examples }: { examples: Example[] }) {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  if (examples.length === 0) return null;

  const open = (example: Example) => {
    const query = example.query;
    const variables = example.variables ?? '';
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    // The editor tells the tab later, and not always under the new tab's name: the title comes from what is told here.
    updateActiveTabValues({ query, variables });
    queryEditor?.focus();
  };
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="weft-button" data-testid="examples">
        Examples
        <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      </DropdownMenu.Button>
      <DropdownMenu.Content align="end" className="weft-menu weft-menu-wide">
        {examples.map((example, i) => (
          <DropdownMenu.Item key={example.name} data-testid={`example-${i}`} onSelect={() => open(example)}>
            <span className="weft-menu-title">{example.name}</span>
            {example.description && <span className="weft-menu-text">{example.description}</span>}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

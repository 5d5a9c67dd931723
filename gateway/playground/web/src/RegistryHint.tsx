import { DropdownMenu } from '@graphiql/react';

/** The command that adds a subgraph to this graph while it runs. */
export function RegistryHint({ command }: { command: string }) {
  if (!command) return null;
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="weft-button" data-testid="registry-hint">
        Add a subgraph
      </DropdownMenu.Button>
      <DropdownMenu.Content align="end" className="weft-menu weft-menu-wide">
        <div className="weft-menu-note">
          <div>Run this in a terminal; then fetch the schema again (the arrows at the left).</div>
          <pre className="weft-command">{command}</pre>
        </div>
        <DropdownMenu.Item onSelect={() => void navigator.clipboard.writeText(command)}>Copy the command</DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

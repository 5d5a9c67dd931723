import { DropdownMenu } from '@graphiql/react';
import { useState } from 'react';
import { useStore } from '../store';
import type { Session, User } from './session';

/** The header's end: who is logged in, or the way to log in. */
export function Account({ session }: { session: Session }) {
  const state = useStore(session.state);
  switch (state.status) {
    case 'unavailable':
      return null;
    case 'authenticated':
      return <AccountMenu user={state.user} session={session} />;
    default:
      return (
        <button
          type="button"
          className="weft-button weft-button-primary"
          data-testid="login"
          disabled={state.status === 'busy'}
          onClick={() => void session.logIn()}
        >
          {state.status === 'busy' ? 'Logging in…' : 'Log in'}
        </button>
      );
  }
}

function AccountMenu({ user, session }: { user: User; session: Session }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const token = await session.token();
    if (!token) return;
    await navigator.clipboard.writeText(token);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="weft-button weft-account" data-testid="account" aria-label={`Account of ${user.name}`}>
        <span className="weft-avatar" aria-hidden="true">
          {user.name.slice(0, 1).toUpperCase()}
        </span>
        <span data-testid="user-name">{user.name}</span>
      </DropdownMenu.Button>
      <DropdownMenu.Content align="end" className="weft-menu">
        <div className="weft-menu-note">
          <div className="weft-menu-title">{user.name}</div>
          {user.subject !== user.name && <div>{user.subject}</div>}
          <ul className="weft-scopes" aria-label="Scopes">
            {user.scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </div>
        <DropdownMenu.Item
          data-testid="copy-token"
          onSelect={(event) => {
            event.preventDefault(); // the menu stays, to say that it is done
            void copy();
          }}
        >
          {copied ? 'Copied' : 'Copy access token'}
        </DropdownMenu.Item>
        <DropdownMenu.Item data-testid="logout" onSelect={() => void session.logOut()}>
          Log out
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

/** What went wrong with a login, until it is put away. */
export function LoginProblem({ session }: { session: Session }) {
  const state = useStore(session.state);
  if (state.status !== 'anonymous' || !state.problem) return null;
  return (
    <div className="weft-problem" role="alert" data-testid="login-problem">
      <span>{state.problem}</span>
      <button type="button" className="weft-button" onClick={() => session.state.set({ status: 'anonymous' })}>
        Dismiss
      </button>
    </div>
  );
}

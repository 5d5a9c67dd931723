import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

const order = [null, 'light', 'dark'] as const;

/** Goes through the system's theme, the light and the dark one. */
export function ThemeSwitch() {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  const next = order[(order.indexOf(theme) + 1) % order.length] ?? null;
  const label = `Theme: ${theme ?? 'as the system'}. Switch to ${next ?? 'as the system'}`;
  return (
    <button
      type="button"
      className="weft-button weft-icon"
      data-testid="theme"
      title={label}
      aria-label={label}
      onClick={() => setTheme(next)}
    >
      <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
        {theme === 'light' && (
          <>
            <circle cx="9" cy="9" r="3.4" />
            <path
              strokeLinecap="round"
              d="M9 1.4v1.8M9 14.8v1.8M1.4 9h1.8M14.8 9h1.8M3.6 3.6l1.3 1.3M13.1 13.1l1.3 1.3M3.6 14.4l1.3-1.3M13.1 4.9l1.3-1.3"
            />
          </>
        )}
        {theme === 'dark' && <path strokeLinejoin="round" d="M14.9 10.9A6.4 6.4 0 0 1 7.1 3.1a6.4 6.4 0 1 0 7.8 7.8z" />}
        {theme === null && (
          <>
            <circle cx="9" cy="9" r="6.4" />
            <path fill="currentColor" d="M9 2.6a6.4 6.4 0 0 1 0 12.8z" />
          </>
        )}
      </svg>
    </button>
  );
}

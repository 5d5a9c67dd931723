import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Config } from '../config';
import { Session } from './session';

const config: Config = {
  title: '', endpoint: '/graphql', issuer: 'https://issuer.test', clientId: 'page', scopes: ['openid'], exampleQueries: [], registryHint: '',
};
const user = { name: 'Alice', subject: 'alice', scopes: ['openid'] };

function remember(tokens: object): void {
  sessionStorage.setItem('weft.tokens', JSON.stringify({ access: 'old', expires: 0, user, ...tokens }));
}

/** An issuer that answers for its discovery, and for tokens as it is told. */
function issuer(token: () => Response): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async (input: string | URL | Request) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!url.endsWith('/.well-known/openid-configuration')) return token();
    return Response.json({
      issuer: 'https://issuer.test',
      authorization_endpoint: 'https://issuer.test/authorize',
      token_endpoint: 'https://issuer.test/token',
    });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

beforeEach(() => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
  });
  vi.stubGlobal('location', { origin: 'https://page.test', href: 'https://page.test/', assign: vi.fn() });
  vi.stubGlobal('history', { replaceState: vi.fn() });
});
afterEach(() => vi.unstubAllGlobals());

test('without an issuer there is no login', () => {
  expect(new Session({ ...config, issuer: '' }).state.get()).toEqual({ status: 'unavailable' });
});

test('logging in leaves for the issuer, with a challenge and without the verifier', async () => {
  issuer(() => Response.json({}));
  await new Session(config).logIn();
  const url = new URL(vi.mocked(location.assign).mock.lastCall![0] as URL);
  const attempt = JSON.parse(sessionStorage.getItem('weft.login')!);
  expect(url.origin + url.pathname).toBe('https://issuer.test/authorize');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    client_id: 'page', response_type: 'code', redirect_uri: 'https://page.test/', scope: 'openid',
    code_challenge_method: 'S256', state: attempt.state, nonce: attempt.nonce,
  });
  expect(url.href).not.toContain(attempt.verifier);
});

test('an answer with another state is refused', async () => {
  const fetched = issuer(() => Response.json({}));
  sessionStorage.setItem('weft.login', JSON.stringify({ verifier: 'v', state: 'mine', nonce: 'n' }));
  vi.stubGlobal('location', { ...location, href: 'https://page.test/?code=c&state=theirs' });
  const session = new Session(config);
  await session.finishLogIn();
  expect(session.state.get()).toMatchObject({ status: 'anonymous', problem: expect.stringContaining('Log in failed') });
  expect(fetched.mock.calls.some(([input]) => String(input).endsWith('/token'))).toBe(false);
  expect(history.replaceState).toHaveBeenCalledWith(null, '', '/');
});

test('an answer that nobody asked for is ignored', async () => {
  const fetched = issuer(() => Response.json({}));
  vi.stubGlobal('location', { ...location, href: 'https://page.test/?code=c&state=s' });
  const session = new Session(config);
  await session.finishLogIn();
  expect(session.state.get()).toEqual({ status: 'anonymous' });
  expect(fetched).not.toHaveBeenCalled();
});

test('an issuer that cannot be reached is named', async () => {
  vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))));
  const session = new Session(config);
  await session.logIn();
  expect(session.state.get()).toMatchObject({ problem: expect.stringContaining('https://issuer.test cannot be reached') });
});

test('a token is used while it lives', async () => {
  const fetched = issuer(() => Response.json({}));
  remember({ expires: Date.now() + 3_600_000 });
  expect(await new Session(config).token()).toBe('old');
  expect(fetched).not.toHaveBeenCalled();
});

test('a token is renewed once before it expires, however many ask', async () => {
  const fetched = issuer(() => Response.json({ access_token: 'new', token_type: 'bearer', expires_in: 3600, refresh_token: 'r2' }));
  remember({ expires: Date.now() + 1000, refresh: 'r1' });
  const session = new Session(config);
  expect(await Promise.all([session.token(), session.token()])).toEqual(['new', 'new']);
  expect(fetched).toHaveBeenCalledTimes(2); // discovery and one renewal
  expect(session.state.get()).toEqual({ status: 'authenticated', user });
  expect(JSON.parse(sessionStorage.getItem('weft.tokens')!)).toMatchObject({ access: 'new', refresh: 'r2' });
});

test('a session that cannot be renewed ends, and says so', async () => {
  issuer(() => Response.json({ error: 'invalid_grant' }, { status: 400 }));
  remember({ expires: Date.now() - 1, refresh: 'r1' });
  const session = new Session(config);
  expect(await session.token()).toBeNull();
  expect(session.state.get()).toMatchObject({ status: 'anonymous', problem: expect.stringContaining('expired') });
  expect(sessionStorage.getItem('weft.tokens')).toBeNull();
});

test('logging out forgets the tokens', async () => {
  issuer(() => Response.json({}));
  remember({ id: 'id', expires: 0 });
  const session = new Session(config);
  await session.logOut();
  expect(await session.token()).toBeNull();
  expect(session.state.get()).toEqual({ status: 'anonymous' });
});

// Login with OpenID Connect: authorization code with PKCE, done in this page
// against the issuer that the gateway names. Tokens live in sessionStorage: they
// outlive a reload, but not the tab.
import * as oauth from 'oauth4webapi';
import type { Config } from '../config';
import { Store } from '../store';

export interface User {
  name: string;
  subject: string;
  scopes: string[];
}

export type SessionState =
  | { status: 'unavailable' }
  | { status: 'anonymous'; problem?: string }
  | { status: 'busy' }
  | { status: 'authenticated'; user: User };

interface Tokens {
  access: string;
  id?: string;
  refresh?: string;
  /** Milliseconds since the epoch; 0 when the issuer did not say. */
  expires: number;
  user: User;
}

interface Attempt {
  verifier: string;
  state: string;
  nonce: string;
}

const tokensKey = 'weft.tokens';
const attemptKey = 'weft.login';
/** Tokens are renewed this long before they expire. */
const margin = 30_000;

export class Session {
  readonly state: Store<SessionState>;
  #config: Config;
  #tokens: Tokens | null;
  #issuer: Promise<oauth.AuthorizationServer> | null = null;
  #renewal: Promise<void> | null = null;

  constructor(config: Config) {
    this.#config = config;
    this.#tokens = read<Tokens>(tokensKey);
    this.state = new Store<SessionState>(this.#current());
  }

  /** The access token to send, renewed when it is about to expire; null when nobody is logged in. */
  async token(): Promise<string | null> {
    if (this.#tokens && this.#tokens.expires > 0 && Date.now() > this.#tokens.expires - margin) {
      this.#renewal ??= this.#renew().finally(() => (this.#renewal = null));
      await this.#renewal;
    }
    return this.#tokens?.access ?? null;
  }

  /** Leaves for the issuer's login page. */
  async logIn(): Promise<void> {
    this.state.set({ status: 'busy' });
    try {
      const server = await this.#discover();
      if (!server.authorization_endpoint) throw new Error('the issuer has no authorization endpoint');
      const attempt: Attempt = {
        verifier: oauth.generateRandomCodeVerifier(),
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
      };
      sessionStorage.setItem(attemptKey, JSON.stringify(attempt));
      const url = new URL(server.authorization_endpoint);
      const parameters = {
        client_id: this.#config.clientId,
        response_type: 'code',
        redirect_uri: redirectURI(),
        scope: this.#config.scopes.join(' '),
        code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      location.assign(url);
    } catch (error) {
      this.#fail('Log in', error);
    }
  }

  /** Takes what the issuer sent back in the address, when it did. */
  async finishLogIn(): Promise<void> {
    const here = new URL(location.href);
    if (!here.searchParams.has('state') || !(here.searchParams.has('code') || here.searchParams.has('error'))) return;
    const attempt = read<Attempt>(attemptKey);
    sessionStorage.removeItem(attemptKey);
    history.replaceState(null, '', here.pathname);
    if (!attempt || this.state.get().status === 'unavailable') return;
    this.state.set({ status: 'busy' });
    try {
      const server = await this.#discover();
      const answer = oauth.validateAuthResponse(server, this.#client(), here, attempt.state);
      const response = await oauth.authorizationCodeGrantRequest(
        server, this.#client(), oauth.None(), answer, redirectURI(), attempt.verifier, this.#options());
      const tokens = await oauth.processAuthorizationCodeResponse(server, this.#client(), response, {
        expectedNonce: attempt.nonce,
        requireIdToken: true,
      });
      this.#accept(tokens, null);
    } catch (error) {
      this.#fail('Log in', error);
    }
  }

  /** Forgets the tokens, and ends the issuer's session when it lets pages do that. */
  async logOut(): Promise<void> {
    const id = this.#tokens?.id;
    this.#store(null);
    this.state.set({ status: 'anonymous' });
    try {
      const server = await this.#discover();
      if (!server.end_session_endpoint || !id) return;
      const url = new URL(server.end_session_endpoint);
      url.searchParams.set('id_token_hint', id);
      url.searchParams.set('client_id', this.#config.clientId);
      url.searchParams.set('post_logout_redirect_uri', redirectURI());
      location.assign(url);
    } catch {
      // The issuer cannot be reached. Here the session is over all the same.
    }
  }

  async #renew(): Promise<void> {
    const old = this.#tokens;
    if (!old) return;
    try {
      if (!old.refresh) throw new Error('the session has expired');
      const server = await this.#discover();
      const response = await oauth.refreshTokenGrantRequest(
        server, this.#client(), oauth.None(), old.refresh, this.#options());
      this.#accept(await oauth.processRefreshTokenResponse(server, this.#client(), response), old);
    } catch {
      this.#store(null);
      this.state.set({ status: 'anonymous', problem: 'Your session has expired. Log in again.' });
    }
  }

  #accept(tokens: oauth.TokenEndpointResponse, old: Tokens | null): void {
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    const granted = tokens.scope ?? old?.user.scopes.join(' ') ?? this.#config.scopes.join(' ');
    this.#store({
      access: tokens.access_token,
      id: tokens.id_token ?? old?.id,
      refresh: tokens.refresh_token ?? old?.refresh,
      expires: tokens.expires_in ? Date.now() + tokens.expires_in * 1000 : 0,
      user: {
        name: nameOf(claims) ?? old?.user.name ?? 'Unknown',
        subject: claims?.sub ?? old?.user.subject ?? '',
        scopes: granted.split(' ').filter(Boolean),
      },
    });
    this.state.set(this.#current());
  }

  #current(): SessionState {
    if (!this.#config.issuer || !this.#config.clientId) return { status: 'unavailable' };
    if (this.#tokens) return { status: 'authenticated', user: this.#tokens.user };
    return { status: 'anonymous' };
  }

  #store(tokens: Tokens | null): void {
    this.#tokens = tokens;
    if (tokens) sessionStorage.setItem(tokensKey, JSON.stringify(tokens));
    else sessionStorage.removeItem(tokensKey);
  }

  #fail(what: string, error: unknown): void {
    this.state.set({ status: 'anonymous', problem: `${what} failed: ${explain(error, this.#config.issuer)}` });
  }

  #client(): oauth.Client {
    return { client_id: this.#config.clientId };
  }

  // A development issuer on this machine has no TLS. The browser's own rules
  // decide what is a secure context.
  #options(): { [oauth.allowInsecureRequests]: boolean } {
    return { [oauth.allowInsecureRequests]: this.#config.issuer.startsWith('http://') };
  }

  #discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.#config.issuer);
    this.#issuer ??= oauth
      .discoveryRequest(issuer, { algorithm: 'oidc', ...this.#options() })
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
      .catch((error: unknown) => {
        this.#issuer = null; // the next attempt asks again
        throw error;
      });
    return this.#issuer;
  }
}

/** Where the issuer sends the browser back to. It has to be registered there. */
function redirectURI(): string {
  return `${location.origin}/`;
}

function nameOf(claims: oauth.IDToken | undefined): string | undefined {
  for (const name of ['name', 'preferred_username', 'email', 'sub']) {
    const value = claims?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

export function explain(error: unknown, issuer: string): string {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return error.error_description ?? error.error;
  }
  if (error instanceof TypeError) return `the issuer ${issuer} cannot be reached from this page.`;
  return error instanceof Error ? error.message : String(error);
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

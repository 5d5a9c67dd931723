// What the gateway tells the page, in /playground/config.json.

export interface Example {
  name: string;
  description?: string;
  query: string;
  variables?: string;
}

export interface Config {
  /** The graph's name, shown in the header. */
  title: string;
  /** Where GraphQL is served. */
  endpoint: string;
  /** The OpenID issuer to log in at; empty when there is no login. */
  issuer: string;
  clientId: string;
  scopes: string[];
  exampleQueries: Example[];
  /** A command that registers a subgraph, to be copied. */
  registryHint: string;
}

const none: Config = {
  title: '',
  endpoint: '/graphql',
  issuer: '',
  clientId: '',
  scopes: [],
  exampleQueries: [],
  registryHint: '',
};

export async function loadConfig(): Promise<Config> {
  const response = await fetch('/playground/config.json', { headers: { Accept: 'application/json' } });
  if (!response.ok) {
    throw new Error(`The gateway answered ${response.status} when asked for the Playground's settings.`);
  }
  return { ...none, ...((await response.json()) as Partial<Config>) };
}

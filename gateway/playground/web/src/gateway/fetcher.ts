import { getOperationAST, type DocumentNode } from 'graphql';
import type { Session } from '../account/session';
import type { Config } from '../config';
import { lastPlan, planOf } from '../plan/plan';
import { responses } from './events';

interface Parameters {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

interface Options {
  headers?: Record<string, string>;
  documentAST?: DocumentNode;
}

/** How the editor asks the gateway: with the token of whoever is logged in, and for the plan. */
export function createFetcher(config: Config, session: Session) {
  return async (parameters: Parameters, options: Options = {}) => {
    const introspection = parameters.operationName === 'IntrospectionQuery';
    const operation = options.documentAST && getOperationAST(options.documentAST, parameters.operationName);
    const subscription = operation?.operation === 'subscription';

    const headers = new Headers({
      'Content-Type': 'application/json',
      Accept: subscription ? 'text/event-stream' : 'application/graphql-response+json, application/json;q=0.9',
    });
    const token = await session.token();
    if (token) headers.set('Authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, String(value));

    const name = parameters.operationName || operation?.name?.value || operation?.operation || 'query';
    const started = performance.now();
    const response = await fetch(config.endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...parameters, ...(introspection ? {} : { extensions: { plan: true } }) }),
    });
    if (subscription && response.ok && response.body && isEventStream(response)) {
      return events(responses(response.body), name);
    }
    const answer = await readAnswer(response);
    if (introspection) return answer;
    const { plan, shown } = planOf(answer);
    lastPlan.set({ plan, operation: name, milliseconds: performance.now() - started });
    return shown;
  };
}

/** What is shown of a subscription's events. The plan is that of the last one: what was fetched to complete it. */
export async function* events(answers: AsyncIterable<unknown>, operation: string): AsyncGenerator<unknown, void> {
  for await (const answer of answers) {
    if (typeof answer !== 'object' || answer === null) {
      yield answer;
      continue;
    }
    const { plan, shown } = planOf(answer);
    lastPlan.set({ plan, operation });
    yield shown;
  }
}

function isEventStream(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/event-stream') ?? false;
}

async function readAnswer(response: Response): Promise<object> {
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Something between the page and the gateway answered.
  }
  return { errors: [{ message: `The answer, with status ${response.status}, is not a GraphQL response.` }] };
}

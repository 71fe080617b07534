import { ImError } from '@chasqui/domain';
import { type Refusal, serverError } from './server-error.ts';
import type { TokenSource } from './token-source.ts';

type Method = 'GET' | 'PATCH' | 'POST';

/** A call of the HTTP API as the user: `path` begins behind `/api/`. Errors: the server's, as `ImError`. */
export type ApiCall = (method: Method, path: string, body?: object) => Promise<unknown>;

/**
 * Calls by the platform's `fetch` the API that has `nodesUrl`. When the token of a function has expired, the function is
 * asked once more.
 */
export function apiCall(nodesUrl: string | undefined, token: TokenSource): ApiCall {
  async function attempt(method: Method, path: string, body: object | undefined): Promise<unknown> {
    const url = nodesUrl?.replace(/nodes$/, path);
    if (url === undefined || url === nodesUrl) throw new ImError('connection_closed', 'no API is known: set nodesUrl');
    const headers = { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
    const init = body && { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url, { method, headers, ...init });
    const answer = await response.json();
    if (response.ok) return answer;
    const unknown: Refusal = { code: 'internal', message: `${url} answered ${response.status}` };
    throw serverError({ ...unknown, ...answer?.error });
  }

  return (method, path, body) =>
    attempt(method, path, body).catch((error: unknown) => {
      const mayHelp = typeof token === 'function' && error instanceof ImError && error.code === 'token_expired';
      if (mayHelp) return attempt(method, path, body);
      throw error;
    });
}

/** A path with the fields of a query. */
export function withQuery(path: string, query: object): string {
  const fields = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return `${path}?${new URLSearchParams(fields)}`;
}

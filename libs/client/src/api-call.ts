import { ERROR_CODES, type ErrorCode, ImError } from '@chasqui/domain';

/** A call of the HTTP API as the user: `path` begins behind `/api/`. Errors: the server's, as `ImError`. */
export type ApiCall = (method: 'GET' | 'PATCH', path: string, body?: object) => Promise<unknown>;

/** Calls by the platform's `fetch` the API that has `nodesUrl`. */
export function apiCall(nodesUrl: string, token: () => string | Promise<string>): ApiCall {
  return async (method, path, body) => {
    const url = nodesUrl.replace(/nodes$/, path);
    if (url === nodesUrl) throw new ImError('connection_closed', 'no API is known: set nodesUrl');
    const headers = { authorization: `Bearer ${await token()}` };
    const init = body && { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url, { method, headers, ...init });
    const answer = await response.json();
    if (response.ok) return answer;
    const { code, message, field, retryAfterMs } = answer?.error ?? {};
    const known: ErrorCode = Object.hasOwn(ERROR_CODES, code) ? code : 'internal';
    throw new ImError(known, String(message ?? `${url} answered ${response.status}`), { field, retryAfterMs });
  };
}

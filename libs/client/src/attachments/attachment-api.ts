import { ImError } from '@chasqui/domain';
import { type Refusal, serverError } from '../connection/server-error.ts';
import type { TokenSource } from '../connection/token-source.ts';

export interface Asked {
  body?: BodyInit;
  headers?: { [name: string]: string };
  signal?: AbortSignal;
}

/** A call of the HTTP API as the user: `path` begins behind `/api/`. Errors: the server's, as `ImError`; `connection_closed`. */
export type AttachmentCall = (method: string, path: string, asked?: Asked) => Promise<Response>;

/** See `AttachmentsOptions`. When the token of a function has expired, the function is asked once more. */
export function attachmentCall(nodesUrl: string, token: TokenSource, ask: typeof fetch): AttachmentCall {
  async function attempt(method: string, path: string, { headers, ...asked }: Asked): Promise<Response> {
    const authorization = `Bearer ${typeof token === 'string' ? token : await token()}`;
    const url = nodesUrl.replace(/nodes$/, path);
    const response = await ask(url, { ...asked, method, headers: { ...headers, authorization } }).catch((error) => {
      if (asked.signal?.aborted) throw error;
      throw new ImError('connection_closed', `${url} does not answer`, {}, error);
    });
    if (response.ok) return response;
    // An answer to HEAD has no body.
    const told = (await response.json().catch(() => null)) as { error?: Refusal } | null;
    const code = response.status === 401 ? 'token_expired' : response.status === 404 ? 'not_found' : 'internal';
    throw serverError({ code, message: `${url} answered ${response.status}`, ...told?.error });
  }

  return (method, path, asked = {}) =>
    attempt(method, path, asked).catch((error: unknown) => {
      const mayHelp = typeof token === 'function' && error instanceof ImError && error.code === 'token_expired';
      if (mayHelp) return attempt(method, path, asked);
      throw error;
    });
}

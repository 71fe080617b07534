import { defined, ImError, knownErrorCode } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import { makeToken, type TargetOptions, WRONG_SECRET } from './target.ts';

/** Longer than a change of a group may take. */
const ANSWER_MS = 15_000;

export interface ApiCall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: object;
}

/** Calls the HTTP API of a server as a user. Errors: the server's refusal; `connection_closed` if it does not answer. */
export async function callApi(
  env: Environment,
  { server, data, token, as }: TargetOptions & { as: string },
  { method = 'GET', path, body }: ApiCall,
): Promise<unknown> {
  const bearer = token ?? (await makeToken(env, { data, userId: as }));
  const json = body === undefined ? undefined : { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(`${server}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...json },
      signal: AbortSignal.timeout(ANSWER_MS),
      ...defined({ body: body && JSON.stringify(body) }),
    });
  } catch (error) {
    const hint = 'Start one with: npm start';
    throw new ImError('connection_closed', `is a server running at ${server}? ${hint}`, {}, error);
  }
  const text = await response.text();
  if (response.ok) return text === '' ? null : JSON.parse(text);
  const { code, message } = (JSON.parse(text) as { error: { code: string; message: string } }).error;
  const hint = code === 'token_invalid' && token === undefined ? `. ${WRONG_SECRET}` : '';
  throw new ImError(knownErrorCode(code), `${message}${hint}`);
}

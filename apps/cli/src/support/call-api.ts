import { defined, ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import { answerOf } from './api-answer.ts';
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
  const asked = fetch(`${server}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...json },
    signal: AbortSignal.timeout(ANSWER_MS),
    ...defined({ body: body && JSON.stringify(body) }),
  });
  try {
    return await answerOf(server, asked);
  } catch (error) {
    const { code, message } = ImError.from(error);
    if (code !== 'token_invalid' || token !== undefined) throw error;
    throw new ImError(code, `${message}. ${WRONG_SECRET}`, {}, error);
  }
}

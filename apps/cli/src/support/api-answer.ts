import { defined, ImError, knownErrorCode } from '@chasqui/domain';

interface Refusal {
  error?: { code?: unknown; message?: unknown; field?: string };
}

/**
 * What the HTTP API of a server answers; null without a body. Errors: the server's refusal; `connection_closed` if nothing
 * answers, or something else than Chasqui.
 */
export async function answerOf(server: string, asked: Promise<Response>): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await asked;
    text = await response.text();
  } catch (error) {
    throw new ImError('connection_closed', `no server answers at ${server}. Start one with: npm start`, {}, error);
  }
  const body = text === '' ? null : parsed(text);
  if (response.ok && body !== undefined) return body;
  const { code, message, field } = (body as Refusal | null | undefined)?.error ?? {};
  if (typeof message === 'string') throw new ImError(knownErrorCode(code), message, defined({ field }));
  throw new ImError(
    'connection_closed',
    `what answers at ${server} is no server of Chasqui (status ${response.status})`,
  );
}

/** Undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

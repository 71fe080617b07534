import { ImError, knownErrorCode } from '@chasqui/domain';
import { whileAway } from './while-away.ts';

export interface ImportedPiece {
  next: number;
  imported: number;
  repeated: number;
  errors: { line: number; code: string; message: string }[];
}

/** Longer than a server works on a piece. */
const ANSWER_MS = 90_000;

/** Sends lines to a server, again if it is busy or away. Errors: its refusal; `connection_closed`. */
export async function sendPiece(
  to: { server: string; key: string; stopAtError: boolean },
  piece: Buffer,
  from: number,
): Promise<ImportedPiece> {
  return whileAway(() => sendOnce(to, piece, from));
}

async function sendOnce(
  { server, key, stopAtError }: { server: string; key: string; stopAtError: boolean },
  piece: Buffer,
  from: number,
): Promise<ImportedPiece> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${server}/api/server/imports?from=${from}&stopAtError=${stopAtError}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body: new Uint8Array(piece),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    text = await response.text();
  } catch (error) {
    throw new ImError('connection_closed', `is a server running at ${server}?`, {}, error);
  }
  const body = JSON.parse(text);
  if (response.ok) return body as ImportedPiece;
  const { code, message } = (body as { error: { code: string; message: string } }).error;
  throw new ImError(knownErrorCode(code), message);
}

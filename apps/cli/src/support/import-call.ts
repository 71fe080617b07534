import { answerOf } from './api-answer.ts';
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
  const asked = fetch(`${server}/api/server/imports?from=${from}&stopAtError=${stopAtError}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body: new Uint8Array(piece),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return (await answerOf(server, asked)) as ImportedPiece;
}

import type { AttachmentCall } from './attachment-api.ts';

export interface SendTask {
  /** Of the attachment, behind `/api/`. */
  path: string;
  file: Blob;
  call: AttachmentCall;
  ask: typeof fetch;
  pieceBytes: number;
  signal: AbortSignal;
  /** Bytes that the server has. */
  show(sent: number): void;
}

/** Sends a file to the server itself (tus), piece by piece from where the server has it. */
export async function sendPieces({ path, file, call, pieceBytes, signal, show }: SendTask): Promise<void> {
  let sent = offsetOf(await call('HEAD', `${path}/upload`, { signal }));
  show(sent);
  while (sent < file.size) {
    const body = file.slice(sent, sent + pieceBytes);
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(sent) };
    sent = offsetOf(await call('PATCH', `${path}/upload`, { signal, body, headers }));
    show(sent);
  }
}

function offsetOf({ headers }: Response): number {
  return Number(headers.get('upload-offset'));
}

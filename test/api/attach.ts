import { createHash } from 'node:crypto';
import type { AttachedFile, Message } from '@chasqui/domain';
import { expect } from 'vitest';
import type { TestApi } from './fixture.ts';

type Api = Pick<TestApi, 'call'>;

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Announces a file; returns the answer's body. */
export async function reserve(api: Api, as: string, bytes: Uint8Array, fields: object = {}) {
  const payload = { name: 'sea.png', type: 'image/png', size: bytes.length, sha256: sha256(bytes), ...fields };
  const answer = await api.call('POST', '/api/attachments', { as, payload });
  expect(answer.statusCode, answer.payload).toBe(201);
  return answer.json() as AttachedFile & { state: string; pictureUrl?: string; upload: { url: string } };
}

/** Uploads bytes from an offset on. */
export function patch(api: Api, as: string, id: string, bytes: Uint8Array, offset = 0) {
  const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
  return api.call('PATCH', `/api/attachments/${id}/upload`, { as, headers, payload: Buffer.from(bytes) });
}

export function complete(api: Api, as: string, id: string) {
  return api.call('POST', `/api/attachments/${id}/complete`, { as });
}

/** A file that is ready to be sent. */
export async function attach(api: Api, as: string, bytes: Uint8Array, fields: object = {}): Promise<AttachedFile> {
  const { id } = await reserve(api, as, bytes, fields);
  expect((await patch(api, as, id, bytes)).statusCode).toBe(204);
  const { state, name, size, type, media } = (await complete(api, as, id)).json();
  expect(state).toBe('ready');
  return { id, name, size, type, ...(media && { media }) };
}

export function fileUrl(
  { conversationId, messageId }: Pick<Message, 'conversationId' | 'messageId'>,
  id: string,
): string {
  return `/api/conversations/${conversationId}/messages/${messageId}/attachments/${id}`;
}

export const DAY_MS = 24 * 3600 * 1000;

/** The status of an answer, and the code of its error. */
export const codeOf = (answer: { statusCode: number; json(): { error?: { code: string } } }) => [
  answer.statusCode,
  answer.json().error?.code,
];

/** How far an upload has come, and the size that was announced. */
export async function offsetOf(api: TestApi, as: string, id: string): Promise<number[]> {
  const { headers } = await api.call('HEAD', `/api/attachments/${id}/upload`, { as });
  return [headers['upload-offset'], headers['upload-length']].map(Number);
}

/** The keys of all attachments whose bytes are there. */
export async function keysWithBytes(api: TestApi): Promise<string[]> {
  const rows = await api.deps.attachments.page('', 100);
  const there = await Promise.all(rows.map(async ({ id }) => ((await api.deps.blobs.get(id)) === null ? [] : [id])));
  return there.flat();
}

/** Waits for the sweeper's rounds. */
export async function rounds(api: TestApi, ms: number): Promise<void> {
  await api.clock.advance(ms);
  await api.clock.advance(61_000);
}

export async function recall(api: TestApi, message: Awaited<ReturnType<TestApi['store']>>): Promise<void> {
  const { conversationId, messageId, from, audience } = message;
  const action = { action: 'recall', revision: 1, by: from, at: api.clock.now() } as const;
  await api.deps.messages.apply([{ conversationId, messageId, action, node: 'business-1' }]);
  await api.deps.conversations.act([{ ...action, conversationId, messageId, audience }]);
}

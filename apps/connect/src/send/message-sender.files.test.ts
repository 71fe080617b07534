import { type Attachment, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { sending } from '../testing/sending.ts';

const idOf = (n: number) => n.toString(16).padStart(32, '0');

function attachment(n: number, fields: Partial<Attachment> = {}): Attachment {
  return {
    ...{
      id: idOf(n),
      owner: 'ann',
      name: `file ${n}`,
      size: n,
      type: 'image/png',
      sha256: '',
      state: 'ready',
      reservedAt: 1,
    },
    ...fields,
  };
}

/** A message with these attachments, as a client that does not know better names them. */
const naming = (...ids: string[]) => ({
  attachments: ids.map((id) => ({ id, name: 'lie', size: 9, type: 'text/html' })),
});

function stage(...ledger: readonly Attachment[]) {
  let isAway = false;
  const asked: (readonly string[])[] = [];
  const node = sending({
    attachments: async (ids) => {
      asked.push(ids);
      if (isAway) throw new ImError('store_unavailable', 'it is away');
      return ids.map((id) => ledger.find((one) => one.id === id) ?? null);
    },
  });
  return {
    ...node,
    asked,
    away: () => {
      isAway = true;
    },
    told: (type: string) => expect.poll(() => node.told.find((frame) => frame.type === type)).toBeDefined(),
    frames: node.told,
  };
}

test('readers get what the server knows of each attachment, in the order and once; the event says format 3', async () => {
  const { send, told, pushedTo, published } = stage(attachment(1), attachment(2));
  send('m1', { content: { text: 'see', ...naming(idOf(2), idOf(1), idOf(2)) } });
  await told('send_ack');
  const attachments = [2, 1].map((n) => ({ id: idOf(n), name: `file ${n}`, size: n, type: 'image/png' }));
  expect(pushedTo('bob')[0].content).toEqual({ text: 'see', attachments });
  const [event] = JSON.parse(published[0] ?? '');
  expect([event.v, event.message.content.attachments]).toEqual([3, attachments]);
});

test('a message without attachments does not wait for the ledger', async () => {
  const { send, told, asked } = stage();
  send('m1');
  await told('send_ack');
  expect(asked).toEqual([]);
});

test.each([
  ['of somebody else', attachment(1, { owner: 'bob' })],
  ['that is not there', attachment(9)],
  ['that is not complete', attachment(1, { state: 'uploading' })],
  ['that was refused', attachment(1, { state: 'refused' })],
  ['that is to be deleted', attachment(1, { state: 'due' })],
  ['that is a profile picture', attachment(1, { publicId: 'f'.repeat(32) })],
])('C15: an attachment %s is refused by its place, and nothing is sent', async (_, one) => {
  const { send, told, frames, pushed, published } = stage(attachment(2), one);
  send('m1', { content: naming(idOf(2), idOf(1)) });
  await told('error');
  const field = 'content.attachments.1';
  expect(frames).toMatchObject([{ type: 'error', code: 'attachment_invalid', retry: 'never', field, ref: 'm1' }]);
  expect([pushed, published]).toEqual([[], []]);
});

test('C11: while the store is away, what has attachments is refused for now, and what has none is sent', async () => {
  const { send, told, frames, away } = stage(attachment(1));
  away();
  send('m1', { content: naming(idOf(1)) });
  await told('error');
  expect(frames).toMatchObject([{ code: 'store_unavailable', retry: 'backoff', ref: 'm1' }]);
  send('m2');
  await told('send_ack');
});

test('C5: messages behind one with attachments stay behind it', async () => {
  const { send, frames } = stage(attachment(1));
  send('m1', { content: naming(idOf(1)) });
  for (const name of ['m2', 'm3']) send(name);
  await expect.poll(() => frames.length).toBe(3);
  expect(frames.map(({ clientMessageId }) => clientMessageId)).toEqual(['m1', 'm2', 'm3']);
});

test('C4: a resend is one by what the client sent, also when the ledger says something else by then', async () => {
  const digests: string[] = [];
  const claim = (one: { digest: string }) => {
    digests.push(one.digest);
    return one as never;
  };
  const get = (n: number) => async (ids: readonly string[]) => ids.map(() => attachment(1, { size: n }));
  for (const n of [1, 2]) {
    const { send, told } = sending({ claim, attachments: get(n) });
    send('m1', { content: naming(idOf(1)) });
    await expect.poll(() => told.length).toBe(1);
  }
  expect(digests[0]).toBe(digests[1]);
});

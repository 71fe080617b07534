import { contentDigests, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { type SendingOptions, sending } from '../testing/sending.ts';
import type { Forwarded } from './forwarded-content.ts';

const ID = `${(1_700_000_000_000).toString(16).padStart(12, '0')}000000000001`;
const FIRST = `${(1_700_000_000_000).toString(16).padStart(12, '0')}000000000002`;
const forwardOf = { conversationId: 'ann~cid', messageId: ID };
const gone = new ImError('message_not_found', 'gone', { field: 'forwardOf' });
const words: Forwarded = { content: { text: 'words' }, origin: { from: 'cid', at: 7 } };

/** `isSentBefore`: the dedup hints have a first copy of what is sent. */
function stage(read: Forwarded | ImError, firstCopy: Forwarded | ImError = gone, isSentBefore = false) {
  const asked: string[] = [];
  const options: SendingOptions = {
    forwards: {
      read: async () => read,
      firstCopy: async ({ messageId }) => {
        asked.push(messageId);
        return firstCopy;
      },
    },
  };
  if (isSentBefore) options.claim = (claim) => ({ ...claim, messageId: FIRST });
  const node = sending(options);
  const forward = async (key: string, fields: object = {}) => {
    node.send(key, { content: undefined as never, forwardOf, ...fields });
    await node.clock.advance(0);
    return node.told.at(-1);
  };
  return { ...node, forward, asked };
}

const eventsOf = (published: readonly string[]) => published.flatMap((body) => JSON.parse(body));

test('a forward goes both ways with what was read, and its digest is over the request', async () => {
  const { forward, pushedTo, published } = stage(words);
  expect(await forward('m1')).toMatchObject({ type: 'send_ack', content: words.content, forwarded: words.origin });
  expect(pushedTo('bob')).toMatchObject([{ content: words.content, forwarded: words.origin }]);
  const digests = contentDigests({ to: 'bob', kind: 'c2c', content: {}, forwardOf });
  expect(eventsOf(published)).toMatchObject([{ digests, message: { content: words.content } }]);
  expect(
    contentDigests({ to: 'bob', kind: 'c2c', content: {}, forwardOf: { ...forwardOf, withOrigin: true } }),
  ).toEqual(digests);
  const plain = contentDigests({ to: 'bob', kind: 'c2c', content: {}, forwardOf: { ...forwardOf, withOrigin: false } });
  expect(plain).not.toEqual(digests);
});

test('what cannot be forwarded is refused, and so is, for now, what the store cannot say', async () => {
  expect(await stage(gone).forward('m1')).toMatchObject({ code: 'message_not_found', ref: 'm1', retry: 'never' });
  const away = stage(new ImError('store_unavailable', 'away'));
  expect(await away.forward('m1')).toMatchObject({ code: 'store_unavailable', retry: 'backoff' });
  expect([away.published, away.pushed]).toEqual([[], []]);
});

test('C5: a message that follows a forward of the same user waits until that one is read', async () => {
  const { promise, resolve } = Promise.withResolvers<Forwarded>();
  const world = sending({ forwards: { read: () => promise, firstCopy: async () => gone } });
  world.send('m1', { content: undefined as never, forwardOf });
  world.send('m2');
  await world.clock.advance(0);
  expect(world.told).toEqual([]);
  resolve(words);
  await world.clock.advance(0);
  expect(world.told.map(({ clientMessageId }) => clientMessageId)).toEqual(['m1', 'm2']);
});

test('C3, C4: a resend keeps the first id, says what the first copy says if the message is gone, and is pushed to nobody', async () => {
  const there = stage(words, gone, true);
  const told = await there.forward('m1');
  expect(told).toMatchObject({ type: 'send_ack', messageId: FIRST });
  // What it says now need not be what the first copy says.
  expect(told).not.toHaveProperty('content');
  const lost = stage(gone, words, true);
  expect(await lost.forward('m1')).toMatchObject({ type: 'send_ack', messageId: FIRST, content: words.content });
  expect(lost.asked).toEqual([FIRST]);
  expect([there.pushed, lost.pushed]).toEqual([[], []]);
  expect(eventsOf(lost.published)).toMatchObject([
    { unpushed: true, message: { messageId: FIRST, ...(words.origin && { forwarded: words.origin }) } },
  ]);
});

test('C3: a resend is not refused while its first copy may be on its way', async () => {
  const world = stage(gone, new ImError('store_unavailable', 'on its way'), true);
  expect(await world.forward('m1')).toMatchObject({ code: 'store_unavailable', retry: 'backoff' });
});

test('C4: a forward that was refused is judged anew when it is sent again, as if it never had been', async () => {
  const reads: (Forwarded | ImError)[] = [gone, gone, words];
  const asked: string[] = [];
  const world = sending({
    kept: new Map(),
    forwards: {
      read: async () => reads.shift() ?? gone,
      firstCopy: async ({ messageId }) => {
        asked.push(messageId);
        return new ImError('store_unavailable', 'on its way');
      },
    },
  });
  const forward = async () => {
    world.send('m1', { content: undefined as never, forwardOf });
    await world.clock.advance(0);
    return world.told.at(-1);
  };
  expect(await forward()).toMatchObject({ code: 'message_not_found', retry: 'never' });
  expect(await forward()).toMatchObject({ code: 'message_not_found', retry: 'never' });
  expect(world.published).toEqual([]);
  expect(await forward()).toMatchObject({ type: 'send_ack', content: words.content, forwarded: words.origin });
  expect(world.pushedTo('bob')).toMatchObject([{ content: words.content }]);
  // The one that was taken is the first copy of any later one.
  expect(asked).toEqual([]);
  expect(await forward()).toMatchObject({ code: 'store_unavailable', retry: 'backoff' });
  expect(asked).toHaveLength(1);
});

test('C4: in one batch, a forward that cannot be had stands beside messages that can', async () => {
  const kept = new Map();
  const { send, clock, told } = sending({ kept, forwards: { read: async () => gone, firstCopy: async () => gone } });
  send('m0', { to: 'cid' });
  send('m1', { content: undefined as never, forwardOf });
  send('m2');
  await clock.advance(0);
  expect(told.map(({ type, clientMessageId, ref, code }) => [type, clientMessageId ?? ref, code])).toEqual([
    ['send_ack', 'm0', undefined],
    ['error', 'm1', 'message_not_found'],
    ['send_ack', 'm2', undefined],
  ]);
  expect([...kept.keys()]).toEqual(['m0', 'm2']);
});

test('C5, C16: while a store says what a resend was, later messages to its conversation wait, and no others', async () => {
  const { promise, resolve } = Promise.withResolvers<ImError>();
  const { send, clock, told, sender } = sending({
    forwards: { read: async () => gone, firstCopy: () => promise },
    claim: (claim) => (claim.clientMessageId === 'm1' ? { ...claim, messageId: FIRST } : claim),
  });
  send('m1', { content: undefined as never, forwardOf });
  send('m2');
  send('m3', { to: 'cid' });
  await clock.advance(0);
  send('m4');
  send('m5', { to: 'cid' });
  await clock.advance(0);
  expect(told.map(({ clientMessageId }) => clientMessageId)).toEqual(['m3', 'm5']);
  let isIdle = false;
  const idle = sender.idle().then(() => {
    isIdle = true;
  });
  await clock.advance(0);
  expect(isIdle).toBe(false);
  resolve(gone);
  await idle;
  await clock.advance(0);
  expect(told.slice(2).map(({ clientMessageId, ref }) => clientMessageId ?? ref)).toEqual(['m1', 'm2', 'm4']);
});

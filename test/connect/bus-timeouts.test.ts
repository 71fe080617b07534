import { createManualClock } from '@chasqui/contracts';
import { type ConversationEventValue, decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, DEFAULT_LIMITS, defined, ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { createMemoryBus } from '@chasqui/memory';
import type { DedupClaim, MessageBus } from '@chasqui/ports';
import type { ServerFrame } from '@chasqui/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryConnection, memoryNode } from './memory-node.ts';

const forEver = () => new Promise<never>(() => {});

/** A bus on the test's clock; `fate` decides the outcome of each publish of a message. */
async function stage(options: Parameters<typeof memoryNode>[0] = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1 });
  const fate: { publish: MessageBus['publish'] } = { publish: (publication) => bus.publish(publication) };
  const node = memoryNode({
    clock,
    bus: { ...bus, publish: (publication) => fate.publish(publication), [Symbol.asyncDispose]: async () => {} },
    ...options,
  });
  await node.start();
  const queued: string[] = [];
  bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'test',
    async handle(batch) {
      for (const event of batch.flatMap(({ body }) => decodeEvents(body) as ConversationEventValue[])) {
        if (event.type === 'message') queued.push(event.message.clientMessageId);
      }
    },
  });
  return { clock, node, fate, queued };
}

const ofType = <T extends ServerFrame['type']>({ frames }: MemoryConnection, type: T) =>
  frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);

const chat = (clientMessageId: string, to = 'bob', more: object = {}) =>
  ({ type: 'chat', clientMessageId, to, content: { text: clientMessageId }, ...more }) as const;

describe('with a bus that does not answer', () => {
  test.each([
    ['alone', {}],
    ['together with the dedup hints', { dedupHints: { claim: forEver } }],
    ['together with the block list', { blocks: { blocked: forEver } }],
    [
      'together with both, as when the engine host is frozen',
      { dedupHints: { claim: forEver }, blocks: { blocked: forEver } },
    ],
  ])('C12: %s, each sender hears bus_unavailable within 5 s of sending', async (_, options) => {
    const { clock, node, fate } = await stage(options);
    const ann = await MemoryConnection.loggedIn(node, 'ann');
    fate.publish = forEver;
    const sentAt = new Map<string, number>();
    const heardAt = new Map<string, number>();
    for (let ms = 0; ms < 9_000; ms += 100) {
      if (ms % 700 === 0 && ms < 3_000) {
        const id = `at-${ms}`;
        sentAt.set(id, ms);
        ann.write(chat(id));
      }
      await clock.advance(100);
      for (const { ref = '', code } of ofType(ann, 'error')) {
        // Once the first publish has been in flight for long, the node accepts no more.
        expect(['bus_unavailable', ref === 'at-0' ? '' : 'overloaded']).toContain(code);
        if (!heardAt.has(ref)) heardAt.set(ref, ms + 100);
      }
    }
    expect([...heardAt.keys()].toSorted()).toEqual([...sentAt.keys()].toSorted());
    for (const [id, at] of heardAt) {
      expect(at - (sentAt.get(id) ?? 0), id).toBeLessThanOrEqual(DEFAULT_LIMITS.publishDeadlineMs + 100);
    }
  });

  test.each([
    ['does not answer', forEver, DEFAULT_LIMITS.publishDeadlineMs],
    ['refuses', () => Promise.reject(new ImError('bus_unavailable', 'away')), 10],
  ])(
    'C12: what was pushed live is retracted everywhere but at its sender when the bus %s',
    async (_, publish, afterMs) => {
      const { clock, node, fate } = await stage();
      const [ann, other] = [
        await MemoryConnection.loggedIn(node, 'ann', 'phone'),
        await MemoryConnection.loggedIn(node, 'ann', 'laptop'),
      ];
      const [phone, laptop] = [
        await MemoryConnection.loggedIn(node, 'bob', 'phone'),
        await MemoryConnection.loggedIn(node, 'bob', 'laptop'),
      ];
      const eve = await MemoryConnection.loggedIn(node, 'eve');
      ann.write(chat('kept'));
      await clock.advance(10);
      fate.publish = publish;
      ann.write(chat('lost'));
      await clock.advance(afterMs + 100);
      const lost = ofType(phone, 'chat').find(({ clientMessageId }) => clientMessageId === 'lost');
      expect(lost).toBeDefined();
      const { messageId, conversationId } = lost as { messageId: string; conversationId: string };
      for (const device of [phone, laptop, other]) {
        expect(ofType(device, 'retract')).toEqual([{ type: 'retract', messageId, conversationId }]);
        // A retracted message was pushed before.
        const order = device.frames.filter((frame) => 'messageId' in frame && frame.messageId === messageId);
        expect(order.map(({ type }) => type)).toEqual(['chat', 'retract']);
      }
      expect(ofType(ann, 'retract')).toEqual([]);
      expect(ofType(ann, 'error')).toMatchObject([{ code: 'bus_unavailable', ref: 'lost' }]);
      expect(eve.frames.map(({ type }) => type)).toEqual(['login_ok']);
    },
  );

  test('C12: of a message that a receiver never saw, as they block its sender silently, nothing is retracted there', async () => {
    const { clock, node, fate } = await stage({
      blockedSenders: 'silence',
      blocks: { blocked: async (pairs) => pairs.map(({ userId }) => userId === 'bob') },
    });
    const ann = await MemoryConnection.loggedIn(node, 'ann', 'phone');
    const other = await MemoryConnection.loggedIn(node, 'ann', 'laptop');
    const bob = await MemoryConnection.loggedIn(node, 'bob');
    fate.publish = forEver;
    ann.write(chat('unseen'));
    await clock.advance(DEFAULT_LIMITS.publishDeadlineMs + 100);
    expect(bob.frames.map(({ type }) => type)).toEqual(['login_ok']);
    expect(ofType(other, 'retract')).toHaveLength(1);
  });
});

describe('follows', () => {
  test('C5: nothing behind a message that failed is queued before that one is, whatever the bus does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ burst: fc.integer({ min: 1, max: 4 }), fails: fc.boolean(), waitMs: fc.nat(40) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.nat(30),
        fc.nat(30),
        async (steps, claimMs, failMs) => {
          const slow = { claim: async (claims: readonly DedupClaim[]) => sleep(time, claimMs).then(() => [...claims]) };
          const { clock, node, fate, queued } = await stage({ dedupHints: slow });
          const time = clock;
          const { publish } = fate;
          const ann = await MemoryConnection.loggedIn(node, 'ann');
          // A client that resends nothing: it always names its previous message as predecessor.
          const follows = new Map<string, string>();
          let last: string | undefined;
          let made = 0;
          for (const { burst, fails, waitMs } of steps) {
            fate.publish = fails
              ? async () => {
                  await sleep(clock, failMs);
                  throw new ImError('bus_unavailable', 'away');
                }
              : publish;
            for (let n = 0; n < burst; n++) {
              const id = `m${++made}`;
              if (last !== undefined) follows.set(id, last);
              ann.write(chat(id, 'bob', defined({ follows: last })));
              last = id;
            }
            await clock.advance(waitMs);
          }
          fate.publish = publish;
          await clock.advance(6_000);
          for (const [place, id] of queued.entries()) {
            const before = follows.get(id);
            if (before !== undefined) expect(queued.slice(0, place), `${id} follows ${before}`).toContain(before);
          }
          const acked = ofType(ann, 'send_ack').map(({ clientMessageId }) => clientMessageId);
          expect(acked).toEqual(queued);
          const refused = ofType(ann, 'error').map(({ ref }) => ref);
          expect([...acked, ...refused].toSorted()).toEqual(
            Array.from({ length: made }, (_, n) => `m${n + 1}`).toSorted(),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('C5: in flight together, the second fails with the first; it goes once the first was resent', async () => {
    const { clock, node, fate, queued } = await stage();
    const { publish } = fate;
    const ann = await MemoryConnection.loggedIn(node, 'ann');
    fate.publish = () => Promise.reject(new ImError('bus_unavailable', 'away'));
    ann.write(chat('one'));
    await clock.advance(10);
    fate.publish = publish;
    ann.write(chat('two', 'bob', { follows: 'one' }));
    // Another conversation is not held up.
    ann.write(chat('other', 'cid'));
    await clock.advance(10);
    expect(ofType(ann, 'error').map(({ ref, code }) => [ref, code])).toEqual([
      ['one', 'bus_unavailable'],
      ['two', 'predecessor_missing'],
    ]);
    ann.write(chat('one'));
    ann.write(chat('two', 'bob', { follows: 'one' }));
    ann.write(chat('three', 'bob', { follows: 'never' }));
    await clock.advance(10);
    expect(queued).toEqual(['other', 'one', 'two']);
    expect(ofType(ann, 'error').at(-1)).toMatchObject({ ref: 'three', code: 'predecessor_missing', field: 'follows' });
  });
});

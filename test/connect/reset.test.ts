import { createManualClock, createSamples, toRecord } from '@chasqui/contracts';
import { defined, encodeMessage, HybridClock } from '@chasqui/domain';
import { createMemoryConversations, createMemoryMessages } from '@chasqui/memory';
import type { ServerFrameOf } from '@chasqui/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryConnection, memoryNode } from './memory-node.ts';

type Page = ServerFrameOf<'offline_messages'>;

/** A node and `count` messages from ann in bob's inbox, of which those up to `floor` are trimmed. */
async function stage(count: number, floor: number) {
  const clock = createManualClock();
  const ids = new HybridClock({ now: () => clock.now(), tag: 1 });
  const { conversations, logs } = createMemoryConversations({ clock, ids });
  const messages = createMemoryMessages();
  const samples = createSamples(clock);
  const batch = Array.from({ length: count }, () => samples.message({ from: 'ann', to: 'bob' }));
  await conversations.record(batch.map((message) => toRecord(message)));
  await messages.put(batch.map((message) => ({ ...encodeMessage(message), steps: [] })));
  const page = logs.page.bind(logs);
  logs.page = async (log, after, limit) => {
    const found = await page(log, Math.max(after, floor), limit);
    return { ...found, floor };
  };
  const node = memoryNode({ clock, conversations, logs, messages });
  const bob = await MemoryConnection.loggedIn(node, 'bob');
  const { epoch } = await logs.page('bob', 0, 1);
  const sync = async (position: number, of: string | undefined): Promise<Page> => {
    const before = bob.frames.length;
    bob.write({ type: 'sync_offline_messages', position, limit: 7, ...defined({ epoch: of }) });
    await clock.advance(10);
    const frame = bob.frames.slice(before).find(({ type }) => type === 'offline_messages');
    if (frame === undefined) throw new Error(`no page but ${JSON.stringify(bob.frames.slice(before))}`);
    return frame as Page;
  };
  return { sync, epoch };
}

test('C10: a device that stands where no inbox is (beyond the head, below the floor, in another epoch) is told to begin anew', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 25 }),
      fc.nat(30),
      fc.nat(60),
      fc.constantFrom('this', 'another', 'none'),
      async (count, below, position, which) => {
        const floor = Math.min(below, count);
        const { sync, epoch } = await stage(count, floor);
        const own = { this: epoch, another: 'of another store', none: undefined }[which];
        const first = await sync(position, own);
        const isElsewhere = position < floor || position > count || (which === 'another' && position > 0);
        expect(first.reset ?? false).toBe(isElsewhere);
        // A position beyond the head of its own epoch proves that the store is not the one that gave it.
        const isDisproved = which === 'this' && position > count;
        expect(first.epoch === epoch).toBe(!isDisproved);
        const start = isElsewhere ? floor : position;
        const places: number[] = [];
        for (let page = first; ; page = await sync(page.position, page.epoch)) {
          if (page !== first) expect(page.reset ?? false).toBe(false);
          places.push(...page.updates.map((update) => ('position' in update ? (update.position ?? 0) : 0)));
          if (page.caughtUp) break;
        }
        expect(places).toEqual(Array.from({ length: count - start }, (_, n) => start + n + 1));
      },
    ),
    { numRuns: 60 },
  );
});

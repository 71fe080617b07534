import { encodeMessage, ImError, type Message } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { mariadbOn } from '../../../../../deploy/engines/mysql.ts';
import { privateEngine } from '../testing/private-engine.ts';
import { Scratch } from '../testing/scratch.ts';
import { messageOf } from '../testing/traffic.ts';

const { life, url } = privateEngine(mariadbOn(13_418));
const DEADLINE_MS = 2_000;
const scratch = new Scratch(url, { deadlineMs: DEADLINE_MS });

/** Repeats a call until it is answered, as consumers of the bus do. */
async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      expect(error).toBeInstanceOf(ImError);
      expect((error as ImError).code).toBe('store_unavailable');
    }
  }
}

describe('messages on a server that is killed, stopped and frozen under load', { timeout: 180_000 }, () => {
  test('C2, C3, C7: what was acked is there, once, with its status and its last action', async () => {
    const { messages: store } = await scratch.openMessages(await scratch.ready(true));
    const acked: Message[] = [];
    const edited = new Map<string, string>();
    let running = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      while (running) {
        const batch = Array.from({ length: 20 }, (): Message => messageOf(`w${writer}`, 'bob'));
        await untilAnswered(() => store.put(batch.map((message) => ({ ...encodeMessage(message), steps: [] }))));
        const raised = batch.map((message) => ({
          ...{ conversationId: message.conversationId, messageId: message.messageId },
          ...{ member: 'bob', status: 'delivered' as const, at: message.sentAt, node: `n${writer}` },
        }));
        const results = await untilAnswered(() => store.raise(raised));
        expect(results.every((result) => result === 'raised' || result === 'same')).toBe(true);
        const [first] = batch as [Message];
        const content = { text: `edited ${first.messageId}` };
        const edit = { action: 'edit', revision: 1, by: first.from, at: 1, content, actionId: 'e' } as const;
        await untilAnswered(() => store.apply([{ ...first, action: edit, node: 'n' }]));
        edited.set(first.messageId, content.text);
        acked.push(...batch);
      }
    });
    const progress = async () => {
      const goal = acked.length + 400;
      await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(goal);
    };
    await progress();
    for (let round = 0; round < 3; round++) {
      await life.kill();
      await life.start();
      await progress();
    }
    await life.stop();
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    await life.start();
    await progress();
    life.freeze();
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    life.thaw();
    await progress();
    running = false;
    await Promise.all(writers);
    const found = await store.get(acked);
    expect(found.filter((message) => message === null)).toEqual([]);
    for (const message of found) {
      expect(message?.statuses).toEqual({ bob: 'delivered' });
      expect(message?.steps.filter(({ state }) => state === 'delivered')).toHaveLength(1);
      const text = edited.get(message?.messageId ?? '');
      if (text !== undefined) expect(message).toMatchObject({ content: { text }, revision: 1 });
    }
    const ids = new Set(acked.map(({ messageId }) => messageId));
    let scanned = 0;
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof store.scan>> = await store.scan(cursor, 1_000);
      scanned += page.messages.filter(({ messageId }) => ids.has(messageId)).length;
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect(scanned).toBe(acked.length);
  });
});

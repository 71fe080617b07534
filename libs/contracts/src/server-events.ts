import type { ServerEvent } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { eventOf, type ServerEventPorts, T } from './server-events-fixture.ts';
import { webhooksContract } from './webhooks.ts';

/** Everything that `ServerEventStore` and `WebhookStore` promise. */
export function serverEventsContract(name: string, harness: Harness<ServerEventPorts>): void {
  describe(`ServerEventStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, ({ serverEvents, webhooks }) => [serverEvents, webhooks]);
    const log = () => subject.current.serverEvents;
    const all = async (after = 0) => (await log().page(after, 100)).events.map(({ event }) => event);

    test('C18: events are read in the order in which they were appended, at contiguous positions', async () => {
      expect(await log().state()).toMatchObject({ floor: 0, head: 0, wantedFrom: 0, wantedUntil: 0 });
      expect(await log().page(0, 9)).toMatchObject({ floor: 0, head: 0, events: [] });
      const given = ['a', 'b', 'a', '好的'].map((text, n) => eventOf(n, text, `key-${text === '好的' ? 'a' : text}`));
      expect(await log().append(given.slice(0, 3), T)).toBe(3);
      expect(await log().append(given.slice(3), T + 1)).toBe(1);
      const { events, floor, head, epoch } = await log().page(0, 9);
      expect(events).toEqual(given.map((event, n) => ({ position: n + 1, event, loggedAt: n === 3 ? T + 1 : T })));
      expect([floor, head, epoch]).toEqual([0, 4, (await log().state()).epoch]);
      expect((await log().page(1, 2)).events.map(({ position }) => position)).toEqual([2, 3]);
      expect((await log().page(4, 2)).events).toEqual([]);
      await log().ping();
    });

    test('C3: an event that is appended again, alone or among others, is there once and as it was', async () => {
      const [a, b, c] = [eventOf(1), eventOf(2), eventOf(3)] as [ServerEvent, ServerEvent, ServerEvent];
      expect(await log().append([a, a, b], T)).toBe(2);
      expect(await log().append([{ ...b, at: 1 }, c, a], T + 9)).toBe(1);
      expect(await log().append([a, b, c], T)).toBe(0);
      expect(await all()).toEqual([a, b, c]);
    });

    test('C18: appends at the same time each get their own positions, and none is seen before an earlier one', async () => {
      const parts = Array.from({ length: 12 }, (_, n) => [eventOf(2 * n), eventOf(2 * n + 1)]);
      const seen: number[][] = [];
      const appends = parts.map((part) => log().append(part, T));
      for (let n = 0; n < 5; n++) seen.push((await log().page(0, 100)).events.map(({ position }) => position));
      await Promise.all(appends);
      seen.push((await log().page(0, 100)).events.map(({ position }) => position));
      for (const positions of seen) expect(positions).toEqual(positions.map((_, n) => n + 1));
      expect(seen.at(-1)).toHaveLength(24);
    });

    test("a key's events are read alone, within a range", async () => {
      await log().append(
        [1, 2, 3, 4, 5, 6].map((n) => eventOf(n, '', n % 2 === 0 ? 'even' : 'odd')),
        T,
      );
      const read = async (after: number, until: number, limit = 9) =>
        (await log().ofKey('even', { after, until, limit })).map(({ position }) => position);
      expect(await read(0, 6)).toEqual([2, 4, 6]);
      expect(await read(2, 5)).toEqual([4]);
      expect(await read(0, 6, 2)).toEqual([2, 4]);
      expect(await log().ofKey('Even', { after: 0, until: 6, limit: 9 })).toEqual([]);
    });

    test('C16: what is too old or too much is dropped, a few at a time, and the floor tells it', async () => {
      for (const n of [1, 2, 3, 4, 5]) await log().append([eventOf(n)], T + n);
      expect(await log().trim({ olderThan: T + 3, maxEvents: 99, limit: 1 })).toBe(1);
      expect(await log().trim({ olderThan: T + 3, maxEvents: 99, limit: 9 })).toBe(1);
      expect(await log().trim({ olderThan: T + 3, maxEvents: 99, limit: 9 })).toBe(0);
      expect(await log().page(0, 1)).toMatchObject({ floor: 2, head: 5, events: [{ position: 3 }] });
      expect(await log().trim({ olderThan: 0, maxEvents: 1, limit: 9 })).toBe(2);
      expect(await log().page(0, 9)).toMatchObject({ floor: 4, head: 5, events: [{ position: 5 }] });
      expect(await log().trim({ olderThan: T + 9, maxEvents: 0, limit: 9 })).toBe(1);
      expect(await log().page(0, 9)).toMatchObject({ floor: 5, head: 5, events: [] });
      await log().append([eventOf(6)], T + 6);
      expect(await log().page(0, 9)).toMatchObject({ floor: 5, head: 6, events: [{ position: 6 }] });
    });

    test('who comes to read the log after nobody did finds it complete from then on', async () => {
      await log().append([eventOf(1), eventOf(2)], T);
      expect(await log().want(T + 10, T)).toMatchObject({ floor: 0, wantedFrom: 2, wantedUntil: T + 10 });
      await log().append([eventOf(3)], T);
      expect(await log().want(T + 5, T + 9)).toMatchObject({ wantedFrom: 2, wantedUntil: T + 10 });
      expect(await log().want(T + 20, T + 9)).toMatchObject({ wantedFrom: 2, wantedUntil: T + 20 });
      expect(await log().want(T + 40, T + 20)).toMatchObject({ wantedFrom: 3, wantedUntil: T + 40 });
      expect(await log().state()).toMatchObject({ floor: 0, head: 3, wantedFrom: 3, wantedUntil: T + 40 });
    });

    if (harness.reopen !== undefined) {
      test('C3: appended events survive a kill, with their epoch and positions', async () => {
        await log().append([eventOf(1), eventOf(2)], T);
        const before = await log().state();
        await subject.reopen();
        expect(await log().state()).toEqual(before);
        expect(await log().append([eventOf(2), eventOf(3)], T)).toBe(1);
        expect(await all()).toEqual([eventOf(1), eventOf(2), eventOf(3)]);
      });
    }
  });
  webhooksContract(name, harness);
}

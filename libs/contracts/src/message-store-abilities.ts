import type { Message, StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { BOB, change, keyOf, type MessageStoreHarness, messageStoreFixture } from './message-store-fixture.ts';

/** What not every store can do: the order of arrival, look-backs, messages by their id alone. */
export function abilityTests(harness: MessageStoreHarness): void {
  const { samples, store, put } = messageStoreFixture(harness);
  const idsOf = (messages: readonly Message[]): string[] => messages.map(({ messageId }) => messageId);

  test('where the order of arrival is known, the newest arrivals come first, with their statuses', async () => {
    if (store().recent === undefined) return expect(harness.locator).toBeDefined();
    const messages = await put({}, { to: 'cat' }, { from: 'bob2', to: 'ann' }, {}, {});
    const [first] = messages as [Message];
    await store().raise([change(first, 'delivered', 10)]);
    const seen: StoredMessage[] = [];
    let cursor: string | null = null;
    do {
      const page = (await store().recent?.(cursor, 2)) as Awaited<ReturnType<ReturnType<typeof store>['scan']>>;
      expect(page.messages.length).toBeLessThanOrEqual(2);
      seen.push(...page.messages);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(idsOf(seen)).toEqual(idsOf(messages).toReversed());
    expect(seen.map(({ statuses }) => statuses)).toEqual([{}, {}, {}, {}, { [BOB]: 'delivered' }]);
  });

  test('C9: what was begun to be looked at stays begun until the last who began has ended', async () => {
    const { recent, beginLookBack, endLookBack } = store();
    expect([beginLookBack, endLookBack].map((ability) => ability !== undefined)).toEqual(
      Array(2).fill(recent !== undefined),
    );
    if (beginLookBack === undefined || endLookBack === undefined) return;
    expect(await beginLookBack(500, 1_000)).toBe(500);
    expect(await beginLookBack(700, 2_000)).toBe(500);
    await endLookBack(1_000);
    expect(await beginLookBack(900, 3_000)).toBe(500);
    await endLookBack(3_000);
    await endLookBack(3_000);
    expect(await beginLookBack(950, 4_000)).toBe(950);
    expect(await beginLookBack(400, 5_000)).toBe(400);
    await endLookBack(5_000);
  });

  if (harness.locator !== undefined) {
    const locator = harness.locator;
    test('a message is located by its id alone', async () => {
      const [message] = await put({}, {});
      if (message === undefined) expect.fail();
      expect(await locator().locate(message.messageId)).toEqual(keyOf(message));
      expect(await locator().locate(samples.nextId())).toBeNull();
    });

    test('C5: the newest id is told, if the store knows it at all', async () => {
      expect(await locator().newest()).toBeNull();
      const [early, late] = [samples.nextId(), samples.nextId()];
      await put({ messageId: late }, { messageId: early });
      expect([late, null]).toContain(await locator().newest());
    });
  }
}

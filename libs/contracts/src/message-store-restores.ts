import type { Message, StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN_BOB, BOB, change, type MessageStoreHarness, messageStoreFixture } from './message-store-fixture.ts';

/** Messages that are moved from one store to another. */
export function restoreTests(harness: MessageStoreHarness): void {
  const { subject, samples, store, put, edit, recall, get } = messageStoreFixture(harness);
  const all = async (): Promise<StoredMessage[]> => {
    const found: StoredMessage[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ReturnType<typeof store>['scan']>> = await store().scan(cursor, 3);
      found.push(...page.messages.map((message) => ({ ...message, steps: message.steps })));
      cursor = page.cursor;
    } while (cursor !== null);
    return found.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  };

  test('C3, C7, C25: messages come back whole from another store: texts, statuses, steps, edits and recalls', async () => {
    const sent = await put({}, {}, { text: 'before' }, {}, { to: 'cat' });
    const [, toDeliver, toEdit, toRecall] = sent as [Message, Message, Message, Message];
    await store().raise([change(toDeliver, 'unread', 10), change(toDeliver, 'delivered', 20, 'n2')]);
    await edit(toEdit, { text: 'after 你好' });
    await edit(toEdit, { text: 'after that' }, 2);
    await recall(toRecall, 30);
    // Under other ids: a store may keep ids that were removed from coming back.
    const before = (await all()).map((message) => ({ ...message, messageId: samples.nextId() }));
    expect(before).toHaveLength(5);
    await subject.fresh();
    await store().restore(before);
    await store().restore(before);
    expect(await all()).toEqual(before);
    const [plain, delivered, edited] = before as [StoredMessage, StoredMessage, StoredMessage];
    expect((await store().page(ANN_BOB, { limit: 10 })).map(({ messageId }) => messageId)).toEqual(
      before
        .slice(0, 4)
        .map(({ messageId }) => messageId)
        .toReversed(),
    );
    // What follows is decided by what came over.
    expect(await edit(edited, { text: 'too late' }, 2)).toBe('superseded');
    expect(await edit(edited, { text: 'once more' }, 3)).toBe('applied');
    expect(await store().raise([change(delivered, 'unread', 40), change(plain, 'delivered', 40)])).toEqual([
      'further',
      'raised',
    ]);
    expect(await get(plain)).toMatchObject({ statuses: { [BOB]: 'delivered' } });
    expect(await get(edited)).toMatchObject({ content: { text: 'once more' }, revision: 3 });
  });

  test('a message that is restored again replaces the one before', async () => {
    const [message] = await put({});
    const found = message === undefined ? null : await get(message);
    if (found === null) expect.fail();
    await store().restore([{ ...found, statuses: { [BOB]: 'delivered' } }]);
    expect(await get(found)).toMatchObject({ statuses: { [BOB]: 'delivered' } });
    expect(await all()).toHaveLength(1);
  });
}

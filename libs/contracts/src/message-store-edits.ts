import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  change,
  type MessageStoreHarness,
  messageStoreFixture,
  toPut,
} from './message-store-fixture.ts';

/** Edits of stored messages. */
export function editTests(harness: MessageStoreHarness): void {
  const { subject, store, put, get, edit, recall } = messageStoreFixture(harness);
  const putOne = async (text = 'first words') => (await put({ text }))[0] ?? expect.fail();

  test('an edit replaces the content, says when, and keeps statuses, audience and place', async () => {
    const [before, message, after] = await put({}, { text: 'first words' }, {});
    if (before === undefined || message === undefined || after === undefined) expect.fail();
    await store().raise([change(message, 'delivered', 10)]);
    expect(await edit(message, { text: 'new words 新しい' })).toBe('applied');
    expect(await edit(message, { text: 'twice' })).toBe('superseded');
    const edited = (await get(message)) ?? expect.fail();
    const facts = { editedAt: message.sentAt + 50, editIds: ['edit-1'], revision: 1, statuses: { [BOB]: 'delivered' } };
    expect(edited).toMatchObject({ ...message, ...facts, content: { text: 'new words 新しい' } });
    expect(edited).not.toHaveProperty('recalledAt');
    const step = { state: 'edited', at: message.sentAt + 50, node: 'n9' };
    expect(edited.steps.filter(({ state }) => state === 'edited')).toEqual([step]);
    expect((await store().page(ANN_BOB, { limit: 10 }))[1]).toEqual(edited);
    expect((await store().scan(null, 10)).messages).toContainEqual(edited);
    for (const other of [before, after]) expect(await get(other)).not.toHaveProperty('editedAt');
  });

  test('edits follow each other; content with data is as whole as it came', async () => {
    const message = await putOne();
    for (let revision = 1; revision <= 12; revision++) {
      expect(await edit(message, { text: `words ${revision}`, data: { revision } }, revision)).toBe('applied');
    }
    const edited = (await get(message)) ?? expect.fail();
    expect(edited).toMatchObject({ content: { text: 'words 12', data: { revision: 12 } }, revision: 12 });
    expect(edited.editIds).toEqual(Array.from({ length: 10 }, (_, n) => `edit-${n + 3}`));
    expect(edited.steps.filter(({ state }) => state === 'edited')).toHaveLength(1);
  });

  test('an edit that keeps what it replaces leaves it with the message, until that is recalled', async () => {
    const message = await putOne();
    const keep = async (text: string, revision: number) => {
      const action = { action: 'edit', revision, by: message.from, at: revision, content: { text } } as const;
      const kept = { ...action, actionId: `k${revision}`, keptVersions: 2 };
      return (await store().apply([{ ...message, action: kept, node: 'n9' }]))[0];
    };
    for (const revision of [1, 2, 3]) expect(await keep(`words ${revision} 新`, revision)).toBe('applied');
    expect((await get(message))?.versions).toEqual([
      { content: { text: 'first words' }, at: message.sentAt },
      { content: { text: 'words 2 新' }, at: 2 },
    ]);
    await recall(message, 9, 4);
    expect(await get(message)).not.toHaveProperty('versions');
  });

  test('C3: a put that is repeated after an edit does not bring the old content back; a late status still rises', async () => {
    const message = await putOne();
    await edit(message, { text: 'new words' });
    await store().put([toPut(message)]);
    expect((await get(message))?.content).toEqual({ text: 'new words' });
    expect(await store().raise([change(message, 'read', 70)])).toEqual(['raised']);
    expect(await get(message)).toMatchObject({ statuses: { [BOB]: 'read' }, content: { text: 'new words' } });
  });

  test('C3: a recall removes what an edit wrote, and no edit writes to a recalled message', async () => {
    const message = await putOne();
    await edit(message, { text: 'new words' });
    expect(await recall(message, 60, 2)).toBe('applied');
    const recalled = { content: {}, recalledAt: message.sentAt + 60, recalledBy: ANN, revision: 2 };
    expect(await get(message)).toMatchObject(recalled);
    expect((await get(message))?.content).toEqual({});
    expect(await edit(message, { text: 'late words' }, 2)).toBe('superseded');
    expect(await edit(message, { text: 'late words' }, 3)).toBe('applied');
    expect(await get(message)).toMatchObject({ ...recalled, revision: 3 });
    expect((await get(message))?.content).toEqual({});
  });

  test('of edits at the same time one is applied', async () => {
    const message = await putOne();
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((text) => edit(message, { text })));
    expect(results.toSorted()).toEqual(['applied', 'superseded', 'superseded', 'superseded']);
    expect((await get(message))?.content.text).toBe('abcd'[results.indexOf('applied')]);
  });

  test('what is not there cannot be edited', async () => {
    const message = await putOne();
    await store().remove([message]);
    expect(await edit(message, { text: 'words' })).toBe('missing');
    expect(await get(message)).toBeNull();
  });

  if (harness.reopen !== undefined) {
    test('an edit survives a kill', async () => {
      const message = await putOne();
      await edit(message, { text: 'new words' });
      await subject.reopen();
      expect(await get(message)).toMatchObject({ content: { text: 'new words' }, revision: 1 });
    });
  }
}

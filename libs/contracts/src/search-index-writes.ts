import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type SearchHarness, searchFixture } from './search-index-fixture.ts';

export function writeTests(harness: SearchHarness): void {
  const { subject, index, document, add, find } = searchFixture(harness);

  test('a larger version replaces a smaller one; an older or equal one is dropped without an error', async () => {
    const first = document('first words', { version: 5 });
    await add(first);
    await add({ ...first, text: 'older words', version: 4 }, { ...first, text: 'equal words', version: 5 });
    expect(await find('words')).toEqual(['first words']);
    await add({ ...first, text: 'newer words', status: 'read', version: 9 });
    expect(await find('first')).toEqual([]);
    const [hit, ...others] = await index().search({ logs: [BOB], text: 'words', limit: 10 });
    expect(hit).toMatchObject({ text: 'newer words', status: 'read', messageId: first.messageId });
    expect(others).toEqual([]);
  });

  test('of versions in one bulk the largest stands, in whatever order they come', async () => {
    const a = document('a');
    const b = document('b');
    await add(
      ...[1, 2, 3].map((version) => ({ ...a, text: `rising ${version}`, version })),
      ...[3, 2, 1].map((version) => ({ ...b, text: `falling ${version}`, version })),
    );
    expect(await find('rising')).toEqual(['rising 3']);
    expect(await find('falling')).toEqual(['falling 3']);
  });

  test('C3: a message whose text was emptied by a recall is no longer found, and an older write does not bring it back', async () => {
    const message = document('a secret', { version: 1 });
    await add(message);
    await add({ ...message, text: '', version: 2 });
    await add({ ...message, version: 1 });
    expect(await find('secret')).toEqual([]);
  });

  test('C13: a document is found by its users alone, once by each, whatever their number', async () => {
    const three = { from: CAT, conversationId: 'three' };
    await add(
      document('for four', { ...three, logs: [CAT, ANN, BOB, 'dan'] }),
      document('for the others', { ...three, logs: [ANN, BOB] }),
    );
    const found = async (userId: string) =>
      (await index().search({ logs: [userId], text: 'for', limit: 10 })).map(({ text }) => text);
    for (const user of [ANN, BOB]) expect(await found(user)).toEqual(['for the others', 'for four']);
    for (const user of [CAT, 'dan']) expect(await found(user)).toEqual(['for four']);
    expect(await found('eve')).toEqual([]);
  });

  test('C13: a document of its sender alone is found by its sender, once, and by nobody else', async () => {
    await add(document('to myself alone', { logs: [ANN] }));
    expect((await index().search({ logs: [ANN], text: 'myself', limit: 10 })).map(({ text }) => text)).toEqual([
      'to myself alone',
    ]);
    expect(await index().search({ logs: [BOB], text: 'myself', limit: 10 })).toEqual([]);
    expect(await index().search({ logs: [BOB], conversationId: ANN_BOB, text: 'myself', limit: 10 })).toEqual([]);
  });

  test('removed documents are not found; removing what is absent is fine', async () => {
    const gone = document('to be removed');
    const stays = document('to be kept');
    await add(gone, stays);
    await index().remove([
      { conversationId: ANN_BOB, messageId: gone.messageId },
      { conversationId: ANN_BOB, messageId: document('x').messageId },
    ]);
    await index().remove([]);
    await harness.settle();
    expect(await find('be')).toEqual(['to be kept']);
  });

  test('a bulk of many documents answers for each; an empty one is fine', async () => {
    expect(await index().index([])).toEqual([]);
    await add(...Array.from({ length: 600 }, (_, i) => document(`bulk item${i} 批量写入${i}`)));
    expect(await find('item599')).toHaveLength(1);
    expect(await find('item7 批量')).toEqual(['bulk item7 批量写入7']);
    expect(await find('bulk', { limit: 100 })).toHaveLength(100);
    await index().ping();
  });

  if (harness.reopen !== undefined) {
    test('C3: what was indexed survives a kill', async () => {
      const message = document('durable 持久的', { version: 3 });
      await add(message);
      await subject.reopen();
      await add({ ...message, text: 'stale', version: 2 });
      expect(await find('持久')).toEqual(['durable 持久的']);
      expect(await find('stale')).toEqual([]);
    });
  }
}

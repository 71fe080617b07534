import { expect, test } from 'vitest';
import { editOf, type MessageStoreHarness, messageStoreFixture, recallOf } from './message-store-fixture.ts';

/** Several actions in one call. */
export function actionBatchTests(harness: MessageStoreHarness): void {
  const { subject, store, put, get } = messageStoreFixture(harness);

  test('actions of one call on one message follow each other; each has a result', async () => {
    const [message] = await put({ text: 'first words' });
    if (message === undefined) expect.fail();
    const edits = Array.from({ length: 12 }, (_, n) => editOf(message, { text: `words ${n + 1} 新` }, n + 1));
    const [first, second] = edits as [(typeof edits)[0], (typeof edits)[0]];
    const kept = { ...second, action: { ...second.action, keptVersions: 3 } };
    expect(await store().apply([first, kept, first, ...edits.slice(2)])).toEqual([
      ...['applied', 'applied', 'superseded', ...Array(10).fill('applied')],
    ]);
    const edited = (await get(message)) ?? expect.fail();
    expect(edited).toMatchObject({ content: { text: 'words 12 新' }, revision: 12 });
    expect(edited.editIds).toEqual(Array.from({ length: 10 }, (_, n) => `edit-${n + 3}`));
    expect(edited.versions).toEqual([{ content: { text: 'words 1 新' }, at: message.sentAt + 50 }]);
    expect(edited.steps.filter(({ state }) => state === 'edited')).toHaveLength(1);
    expect(await store().apply(edits)).toEqual(Array(12).fill('superseded'));
    expect(await get(message)).toEqual(edited);
    expect(await store().apply([])).toEqual([]);
  });

  test('of one call, what is missing or superseded stops no other, on whatever message', async () => {
    const [one, two, gone, other] = await put({ text: 'one' }, { text: 'two' }, { text: 'gone' }, { text: 'other' });
    if (one === undefined || two === undefined || gone === undefined || other === undefined) expect.fail();
    await store().remove([gone]);
    await store().apply([editOf(two, { text: 'done' }, 5)]);
    const results = await store().apply([
      editOf(two, { text: 'late' }, 5),
      editOf(gone, { text: 'x' }, 1),
      editOf(one, { text: 'a' }, 1),
      editOf(two, { text: 'dos' }, 6),
      editOf(one, { text: 'b' }, 2),
    ]);
    expect(results).toEqual(['superseded', 'missing', 'applied', 'applied', 'applied']);
    expect(await get(one)).toMatchObject({ content: { text: 'b' }, revision: 2, editIds: ['edit-1', 'edit-2'] });
    expect(await get(two)).toMatchObject({ content: { text: 'dos' }, revision: 6 });
    expect(await get(gone)).toBeNull();
    expect(await get(other)).toMatchObject({ content: { text: 'other' }, revision: 0 });
  });

  test('C3: of one call, a recall removes what an edit before it wrote, and an edit behind it writes nothing', async () => {
    const [message] = await put({ text: 'words' });
    if (message === undefined) expect.fail();
    const actions = [editOf(message, { text: 'a' }, 1), recallOf(message, 60, 2), editOf(message, { text: 'b' }, 3)];
    expect(await store().apply(actions)).toEqual(['applied', 'applied', 'applied']);
    expect(await get(message)).toMatchObject({ content: {}, recalledAt: message.sentAt + 60, revision: 3 });
  });

  test('of calls at the same time each revision is applied once', async () => {
    const [one, two] = await put({ text: 'one' }, { text: 'two' });
    if (one === undefined || two === undefined) expect.fail();
    const forward = [editOf(one, { text: 'a' }, 1), editOf(two, { text: 'a' }, 1)];
    const results = await Promise.all(
      [forward, forward.toReversed(), forward].map((actions) => store().apply(actions)),
    );
    expect(results.flat().filter((result) => result === 'applied')).toHaveLength(2);
    expect(await get(one)).toMatchObject({ revision: 1, editIds: ['edit-1'] });
  });

  if (harness.reopen !== undefined) {
    test('C3: a call that is repeated after a kill does what is missing, and nothing twice', async () => {
      const [one, two] = await put({ text: 'one' }, { text: 'two' });
      if (one === undefined || two === undefined) expect.fail();
      const actions = [
        editOf(one, { text: 'a' }, 1),
        editOf(two, { text: 'b' }, 1),
        editOf(one, { text: 'c' }, 2),
      ] as const;
      await store().apply(actions.slice(0, 1));
      await subject.reopen();
      expect(await store().apply(actions)).toEqual(['superseded', 'applied', 'applied']);
      await subject.reopen();
      expect(await store().apply(actions)).toEqual(Array(3).fill('superseded'));
      expect(await get(one)).toMatchObject({ content: { text: 'c' }, revision: 2, editIds: ['edit-1', 'edit-2'] });
    });
  }
}

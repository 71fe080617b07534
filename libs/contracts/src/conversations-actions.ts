import { positionIn } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  type ConversationsHarness,
  conversationsFixture,
  editOf,
  toThree,
} from './conversations-fixture.ts';

/** Actions on messages after they are recorded. */
export function actionTests(harness: ConversationsHarness): void {
  const { subject, conversations, record, recall, edit, entry, inbox } = conversationsFixture(harness);

  test('a recall is appended to each log of the audience, once, and empties the previews', async () => {
    const message = await record({ text: 'a secret' });
    const at = harness.clock.now();
    const places = (await recall(message, at)) ?? expect.fail();
    expect(places.toSorted((a, b) => (a.log < b.log ? -1 : 1))).toEqual([
      { log: ANN, position: 2 },
      { log: BOB, position: 2 },
    ]);
    expect(await recall(message, at + 5)).toBeNull();
    const update = {
      type: 'action',
      action: 'recall',
      revision: 1,
      conversationId: ANN_BOB,
      messageId: message.messageId,
      by: ANN,
      at,
      position: 2,
    };
    expect((await inbox(ANN)).slice(1)).toEqual([update]);
    expect((await inbox(BOB)).slice(1)).toEqual([update]);
    for (const user of [ANN, BOB]) expect((await entry(user))?.preview).toBe('');
  });

  test('C7: each revision of a message is appended once, and none that an earlier call has passed', async () => {
    const message = await record();
    expect(await recall(message, 1, 1)).toHaveLength(2);
    expect(await recall(message, 2, 2)).toHaveLength(2);
    for (const revision of [1, 2]) expect(await recall(message, 3, revision)).toBeNull();
    const revisions = (await inbox(BOB)).flatMap((update) => (update.type === 'action' ? [update.revision] : []));
    expect(revisions).toEqual([1, 2]);
  });

  test('revisions are a message’s own: those of another message of the conversation do not count', async () => {
    const [first, second] = [await record(), await record()];
    expect(await recall(first, 1)).toHaveLength(2);
    expect(await recall(second, 2)).toHaveLength(2);
  });

  test('the recall of an older message leaves the preview, and no recall changes the unread count', async () => {
    const first = await record({ text: 'first' });
    const second = await record({ text: 'second' });
    await recall(first, harness.clock.now());
    expect(await entry(BOB)).toMatchObject({ preview: 'second', unread: 2 });
    await recall(second, harness.clock.now());
    expect(await entry(BOB)).toMatchObject({ preview: '', unread: 2, updatedAt: second.sentAt });
  });

  test('of recalls at the same time one counts', async () => {
    const message = await record();
    const recalls = await Promise.all(Array.from({ length: 4 }, () => recall(message, 5)));
    expect(recalls.filter((places) => places !== null)).toHaveLength(1);
    expect(await inbox(BOB)).toHaveLength(2);
  });

  test('C8: an edit is appended to each log without its text, and changes the preview of the last message alone', async () => {
    const first = await record({ text: 'first' });
    expect(await edit(first, 'a secret')).toHaveLength(2);
    expect(await edit(first, 'a secret')).toBeNull();
    expect(await entry(BOB)).toMatchObject({ preview: 'a secret', unread: 1, updatedAt: first.sentAt });
    const second = await record({ text: 'second' });
    expect(await edit(first, 'other words', 2)).toHaveLength(2);
    expect(await entry(ANN)).toMatchObject({ preview: 'second', unread: 0 });
    expect(await entry(BOB)).toMatchObject({ preview: 'second', unread: 2, updatedAt: second.sentAt });
    const updates = (await inbox(BOB)).flatMap((update) => (update.type === 'action' ? [update] : []));
    expect(updates).toMatchObject([
      { action: 'edit', revision: 1, messageId: first.messageId, by: ANN, position: 2 },
      { action: 'edit', revision: 2, messageId: first.messageId, by: ANN, position: 4 },
    ]);
    expect(JSON.stringify(updates)).not.toMatch(/secret|words/);
  });

  test('C3: an edit that comes after a recall is not appended, and brings no preview back', async () => {
    const message = await record({ text: 'words' });
    await recall(message, 1, 2);
    expect(await edit(message, 'more words', 1)).toBeNull();
    expect((await entry(BOB))?.preview).toBe('');
  });

  test('a recall goes to as many logs as the message, whatever their number', async () => {
    const message = await record(toThree(BOB));
    const places = (await recall(message, 5)) ?? expect.fail();
    expect([ANN, BOB, CAT].map((user) => positionIn(places, user))).toEqual([2, 2, 2]);
    for (const user of [ANN, BOB, CAT]) {
      expect((await inbox(user))[1]).toMatchObject({ type: 'action', by: BOB, messageId: message.messageId });
      expect((await entry(user, message.conversationId))?.preview).toBe('');
    }
  });

  test('actions of one call are appended in their order, each once; one that was done before stops none', async () => {
    const [one, two] = [await record({ text: 'one' }), await record({ text: 'two' })];
    const at = harness.clock.now();
    await edit(one, 'first', 1);
    const actions = [
      editOf(one, 'again', 1, at),
      editOf(two, 'dos', 1, at),
      editOf(one, 'second', 2, at),
      editOf(two, 'tres', 2, at),
    ];
    const places = await conversations().act(actions);
    const positions = places.map((all) => all && [ANN, BOB].map((user) => positionIn(all, user)));
    expect(positions).toEqual([null, [4, 4], [5, 5], [6, 6]]);
    const told = (await inbox(BOB)).flatMap((update) =>
      update.type === 'action' ? [[update.messageId, update.revision, update.position]] : [],
    );
    expect(told).toEqual([
      [one.messageId, 1, 3],
      [two.messageId, 1, 4],
      [one.messageId, 2, 5],
      [two.messageId, 2, 6],
    ]);
    expect((await entry(BOB))?.preview).toBe('tres');
    expect(await conversations().act(actions)).toEqual([null, null, null, null]);
    expect(await inbox(BOB)).toHaveLength(6);
    expect(await conversations().act([])).toEqual([]);
  });

  test('of one call, what a recall follows is appended before it, and what follows the recall is behind it', async () => {
    const message = await record({ text: 'words' });
    const { conversationId, messageId, audience, from: by } = message;
    const at = harness.clock.now();
    const recalled = { action: 'recall', revision: 2, by, at, conversationId, messageId, audience } as const;
    const places = await conversations().act([editOf(message, 'a', 1, at), recalled, editOf(message, 'b', 1, at)]);
    expect(places.map((all) => all && positionIn(all, BOB))).toEqual([2, 3, null]);
    expect((await entry(BOB))?.preview).toBe('');
  });

  if (harness.reopen !== undefined) {
    test('C3: a call that is repeated after a kill does what is missing, and nothing twice', async () => {
      const [one, two] = [await record({ text: 'one' }), await record({ text: 'two' })];
      const at = harness.clock.now();
      const actions = [editOf(one, 'a', 1, at), editOf(two, 'b', 1, at), editOf(one, 'c', 2, at)];
      await conversations().act(actions.slice(0, 1));
      await subject.reopen();
      const places = await conversations().act(actions);
      expect(places.map((all) => all && positionIn(all, BOB))).toEqual([null, 4, 5]);
      await subject.reopen();
      expect(await conversations().act(actions)).toEqual([null, null, null]);
      expect(await inbox(BOB)).toHaveLength(5);
    });
  }
}

import { expect, test } from 'vitest';
import { framesTo, headOf, idOf, LOG, logOfTeam, storedOf, TEAM, teamHouse, textsOf } from './groups.ts';

test.each([
  ['its author', 'cid', 0, null],
  ['its author, too late', 'cid', 25 * 3600_000, 'recall_refused'],
  ['another member', 'dan', 0, 'recall_refused'],
  ['an admin, at any time', 'bob', 25 * 3600_000, null],
  ['the owner, at any time', 'ann', 25 * 3600_000, null],
  ['a stranger', 'eve', 0, 'message_not_found'],
])('C20: a message of a member is taken back by %s', async (_, by, afterMs, refusal) => {
  const { house, events } = await teamHouse();
  const sent = events.inGroup('cid', TEAM, 'one');
  await house.connect('dan', 'eve');
  await house.publish([sent]);
  await house.quiet();
  const recall = {
    ...events.recall(sent),
    by,
    sessionId: `session-${by}`,
    at: sent.encoded.message.sentAt + afterMs,
    ref: 'r',
  };
  await house.publish([recall]);
  await house.quiet();
  const [stored] = await storedOf(house);
  if (refusal === null) {
    expect(stored).toMatchObject({ content: {}, revision: 1 });
    expect((await logOfTeam(house)).at(-1)).toMatchObject({ type: 'action', action: 'recall', by, position: 4 });
    expect(framesTo(house, LOG, 'recall')).toMatchObject([{ by, messageId: idOf(sent), position: 4 }]);
    expect((await headOf(house, 'ann')).unread).toBe(1);
  } else {
    expect(stored).toMatchObject({ content: { text: 'one' }, revision: 0 });
    expect(framesTo(house, by, 'error')).toMatchObject([{ code: refusal, ref: 'r', field: 'messageId' }]);
  }
});

test('C20: who has left can take nothing back any more', async () => {
  const { house, events } = await teamHouse();
  const sent = events.inGroup('cid', TEAM, 'one');
  await house.publish([sent, events.change('cid', TEAM, 'leave', {}), events.recall(sent)]);
  await house.quiet();
  expect(await textsOf(house)).toEqual(['one']);
  expect(framesTo(house, 'cid', 'error')).toMatchObject([{ code: 'message_not_found' }]);
});

import { withdrawReactions } from '@chasqui/core';
import { DEFAULT_LIMITS, groupLog, MAX_CHANGES } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { inbox, syncedPage } from './final-state.ts';
import { framesTo, logOfTeam, TEAM, teamHouse } from './groups.ts';
import { House, sessionOf } from './house.ts';

const [UP, HEART] = ['👍', '❤️'];

async function annAndBob() {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const events = eventsOf(house);
  const one = events.message('ann', 'bob', 'one');
  await house.publish([one]);
  await house.quiet();
  house.shown.length = 0;
  return { house, one, ...events };
}

const errorsIn = ({ shown }: House) =>
  shown.flatMap(({ userId, frame }) => (frame.type === 'error' ? [[userId, frame.ref, frame.code, frame.field]] : []));
const reactsIn = ({ log }: { log: Awaited<ReturnType<typeof inbox>> }) => log.filter(({ type }) => type === 'react');

test('a reaction comes to everybody who has the message and to the host application; no count, preview or search moves', async () => {
  const { house, one, react } = await annAndBob();
  const { conversationId, messageId } = one.encoded.message;
  const before = await house.conversations.list('bob', 9);
  await house.publish([react(one, 'bob', UP, { actionId: 'key' })]);
  await house.quiet();
  for (const user of ['ann', 'bob']) {
    expect(framesTo(house, user, 'action')).toEqual([
      {
        ...{ type: 'action', action: 'react', conversationId, messageId, at: expect.any(Number) },
        reactions: { revision: 1, counts: [{ emoji: UP, count: 1 }] },
        changes: [{ by: 'bob', emojis: [UP], actionId: 'key' }],
        position: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(await inbox(house, user))).not.toContain(UP);
  }
  const synced = (await syncedPage(house, 'bob')).updates;
  const seen = { revision: 1, counts: [{ emoji: UP, count: 1, mine: true }] };
  expect(synced.filter((update) => 'reactions' in update)).toMatchObject([
    { type: 'chat', messageId, reactions: seen },
    { type: 'action', action: 'react', messageId, reactions: seen },
  ]);
  expect(await house.conversations.list('bob', 9)).toEqual(before);
  expect(house.pushTasks).toEqual([]);
  expect(house.told.filter(({ type }) => type === 'message.reaction')).toMatchObject([
    { data: { conversationId, messageId, by: 'bob', emoji: UP, on: true } },
  ]);
});

test('C4: a repeat changes nothing, and is answered with what is so now to its session alone', async () => {
  const { house, one, react } = await annAndBob();
  const first = react(one, 'bob', UP, { actionId: 'a' });
  await house.publish([first, react(one, 'bob', UP, { on: false })]);
  await house.quiet();
  house.shown.length = 0;
  await house.publish([first]);
  await house.quiet();
  const [answer, ...others] = house.shown;
  expect(others).toEqual([]);
  expect(answer).toMatchObject({ userId: 'bob', onlySession: sessionOf('bob') });
  expect(answer?.frame).toMatchObject({
    reactions: { revision: 2, counts: [] },
    changes: [{ emojis: [], actionId: 'a' }],
  });
  expect(answer?.frame).not.toHaveProperty('position');
});

test('C15: a message that is not there or was recalled, and what is beyond a limit, is refused by code and field', async () => {
  const { house, one, message, react, recall } = await annAndBob();
  const gone = message('ann', 'bob', 'gone');
  await house.publish([gone, recall(gone)]);
  await house.quiet();
  const many = Array.from({ length: DEFAULT_LIMITS.maxReactionsPerUser }, (_, n) => react(one, 'bob', `e${n}`));
  await house.publish([
    react(message('ann', 'bob', 'absent'), 'bob', UP, { ref: 'absent' }),
    react(gone, 'bob', UP, { ref: 'recalled' }),
    ...many,
    react(one, 'bob', UP, { ref: 'too many' }),
  ]);
  await house.quiet();
  expect(errorsIn(house).toSorted()).toEqual([
    ['bob', 'absent', 'message_not_found', 'messageId'],
    ['bob', 'recalled', 'action_refused', 'messageId'],
    ['bob', 'too many', 'action_refused', 'emoji'],
  ]);
  expect(await house.reactions.seen('bob', [gone.encoded.message])).toEqual([null]);
});

test('C20: a recall takes the reactions with it, also from the update that told of them', async () => {
  const { house, one, react, recall } = await annAndBob();
  await house.publish([react(one, 'bob', UP)]);
  await house.quiet();
  await house.publish([recall(one), react(one, 'ann', UP)]);
  await house.quiet();
  expect(JSON.stringify((await syncedPage(house, 'bob')).updates)).not.toContain(UP);
});

test('C18: members who may not write do not react, but for those of a group where admins post; others see nothing', async () => {
  const { house, events } = await teamHouse();
  const { inGroup, react, change } = events;
  const one = inGroup('ann', TEAM, 'one');
  await house.publish([one]);
  await house.publish([
    react(one, 'eve', UP, { ref: 'stranger' }),
    change('ann', TEAM, 'mute', { userId: 'cid', until: house.clock.now() + 600_000 }),
    react(one, 'cid', UP, { ref: 'muted' }),
    change('ann', TEAM, 'mute', { userId: 'cid', until: 0 }),
    change('ann', TEAM, 'update', { settings: { post: 'admins' } }),
    react(one, 'cid', UP, { ref: 'channel' }),
    change('ann', TEAM, 'remove', { users: ['dan'] }),
    react(one, 'dan', UP, { ref: 'removed' }),
  ]);
  await house.quiet();
  const codes = errorsIn(house).map(([, ref, code]) => `${ref} ${code}`);
  // What is told to the stranger and the removed reaches no session in the group.
  expect(codes).toContain('muted muted');
  expect(codes).not.toContain('channel not_allowed');
  expect(await house.reactions.seen('cid', [one.encoded.message])).toMatchObject([
    { revision: 1, counts: [{ emoji: UP, count: 1 }], mine: [UP] },
  ]);
});

test.each(['all', 'since_join'] as const)(
  'C20: in a group whose history is for %s, a reaction comes live',
  async (history) => {
    const { house, events } = await teamHouse({ history });
    const { inGroup, react } = events;
    const one = inGroup('cid', TEAM, 'one');
    await house.publish([one]);
    await house.publish([react(one, 'cid', UP, { actionId: 'key' })]);
    await house.quiet();
    const [frame, ...others] = framesTo(house, groupLog(TEAM), 'action');
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ action: 'react', position: 4 });
    const own = framesTo(house, 'cid', 'action');
    if (history === 'all') {
      expect(frame?.reactions?.counts).toEqual([{ emoji: UP, count: 1 }]);
      expect(own).toEqual([]);
    } else {
      for (const field of ['reactions', 'changes', 'by']) expect(frame).not.toHaveProperty(field);
      expect(own).toMatchObject([{ changes: [{ by: 'cid', emojis: [UP], actionId: 'key' }] }]);
    }
  },
);

test('C19: a storm of reactions to a message of a group is one update and one frame for so many', async () => {
  const { house, events } = await teamHouse();
  const { inGroup, react } = events;
  const one = inGroup('ann', TEAM, 'one');
  await house.publish([one]);
  await house.quiet();
  const storm = Array.from({ length: 2 * MAX_CHANGES + 1 }, (_, n) =>
    react(one, ['ann', 'bob', 'cid'][n % 3] as string, n % 2 === 0 ? UP : HEART, { on: n % 5 !== 0 }),
  );
  await house.publish(storm);
  await house.quiet();
  const frames = framesTo(house, groupLog(TEAM), 'action');
  expect(frames).toHaveLength(3);
  expect(reactsIn({ log: await logOfTeam(house) })).toHaveLength(3);
  const [seen] = await house.reactions.seen('eve', [one.encoded.message]);
  expect(frames.at(-1)?.reactions).toEqual({ revision: seen?.revision, counts: seen?.counts });
});

test('the reactions of an erased user are taken back by an event, from whatever group', async () => {
  const { house, one, react } = await annAndBob();
  await house.publish([react(one, 'bob', UP), react(one, 'ann', UP)]);
  await house.quiet();
  house.shown.length = 0;
  await house.publish([withdrawReactions(one.encoded.message, 'bob', { nodeId: 'api', at: house.clock.now() })]);
  await house.quiet();
  expect(framesTo(house, 'ann', 'action')).toMatchObject([
    { reactions: { revision: 3, counts: [{ emoji: UP, count: 1 }] }, changes: [{ by: 'bob', emojis: [] }] },
  ]);
  expect(await house.reactions.of('bob', { limit: 9 })).toEqual([]);
});

import { Business } from '@chasqui/app-business/core';
import { DEFAULT_LIMITS, groupLog, MAX_REVISION } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { inbox } from './final-state.ts';
import { framesTo, TEAM, teamHouse } from './groups.ts';
import { House, sessionOf } from './house.ts';

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
const storedOf = async (
  { messages }: House,
  one: { encoded: { message: Parameters<House['messages']['get']>[0][0] } },
) => (await messages.get([one.encoded.message]))[0];

test('an edit comes to everybody who has the message, to search, preview and the host application; no count moves', async () => {
  const { house, one, edit } = await annAndBob();
  await house.publish([edit(one, 'a word', 'key')]);
  await house.quiet();
  const { conversationId, messageId } = one.encoded.message;
  const facts = { conversationId, messageId, action: 'edit', by: 'ann', revision: 1, content: { text: 'a word' } };
  for (const user of ['ann', 'bob']) {
    expect(framesTo(house, user, 'action')).toMatchObject([{ ...facts, actionId: 'key' }]);
    const [entry] = await house.conversations.entries([{ userId: user, conversationId }]);
    expect(entry).toMatchObject({ preview: 'a word', unread: user === 'bob' ? 1 : 0 });
    expect(JSON.stringify(await inbox(house, user))).not.toContain('a word');
  }
  const find = (text: string) => house.search.search({ logs: ['bob'], text, limit: 9 });
  expect(await find('word')).toMatchObject([{ messageId }]);
  expect(await find('one')).toEqual([]);
  expect(house.told.filter(({ type }) => type === 'message.action')).toMatchObject([{ v: 2, data: facts }]);
});

test('C3: a repeated edit changes nothing after whatever other edit, and is answered to its session alone', async () => {
  const { house, one, edit } = await annAndBob();
  const first = edit(one, 'first', 'a');
  await house.publish([first, edit(one, 'second', 'b')]);
  await house.quiet();
  house.shown.length = 0;
  const late = { ...first, at: first.at + DEFAULT_LIMITS.editWindowMs + 1 };
  await house.publish([late]);
  await house.quiet();
  expect(await storedOf(house, one)).toMatchObject({ content: { text: 'second' }, revision: 2, editIds: ['a', 'b'] });
  const answer = { action: 'edit', actionId: 'a', content: { text: 'second' }, revision: 2 };
  expect(house.shown).toMatchObject([{ userId: 'ann', onlySession: sessionOf('ann'), frame: answer }]);
  expect(house.shown[0]?.frame).not.toHaveProperty('position');
  expect((await inbox(house, 'bob')).filter(({ type }) => type === 'action')).toHaveLength(2);
});

test('C15: whoever did not write it, too late, after a recall, or into another kind is refused by code and field', async () => {
  const { house, one, message, edit, recall } = await annAndBob();
  const gone = message('ann', 'bob', 'gone');
  await house.publish([gone, recall(gone)]);
  await house.quiet();
  const at = one.encoded.message.sentAt + DEFAULT_LIMITS.editWindowMs;
  await house.publish([
    { ...edit(one, 'x'), by: 'bob', sessionId: sessionOf('bob'), ref: 'foreign' },
    { ...edit(one, 'x'), at: at + 1, ref: 'late' },
    { ...edit(one, 'x'), content: { data: {} }, ref: 'other kind' },
    { ...edit(gone, 'x'), ref: 'recalled' },
    { ...edit(message('ann', 'bob', 'absent'), 'x'), ref: 'absent' },
  ]);
  await house.quiet();
  expect(errorsIn(house)).toEqual(
    [
      ['ann', 'absent', 'message_not_found', 'messageId'],
      ['bob', 'foreign', 'action_refused', 'messageId'],
      ['ann', 'late', 'action_refused', 'messageId'],
      ['ann', 'other kind', 'action_refused', 'content'],
      ['ann', 'recalled', 'action_refused', 'messageId'],
    ].toSorted(
      (a, b) =>
        house.shown.findIndex(({ frame }) => 'ref' in frame && frame.ref === a[1]) -
        house.shown.findIndex(({ frame }) => 'ref' in frame && frame.ref === b[1]),
    ),
  );
  expect(await storedOf(house, one)).toMatchObject({ content: { text: 'one' }, revision: 0 });
  await house.publish([{ ...edit(one, 'x'), at }]);
  await house.quiet();
  expect(await storedOf(house, one)).toMatchObject({ content: { text: 'x' } });
});

test('C15: the id of an edit, which everybody is told, lets nobody else repeat it', async () => {
  const { house, one, edit } = await annAndBob();
  await house.publish([edit(one, 'a word', 'key')]);
  await house.quiet();
  house.shown.length = 0;
  await house.publish([{ ...edit(one, 'forged', 'key'), by: 'bob', sessionId: sessionOf('bob'), ref: 'foreign' }]);
  await house.quiet();
  expect(errorsIn(house)).toEqual([['bob', 'foreign', 'action_refused', 'messageId']]);
  expect(house.told.filter(({ type }) => type === 'message.action')).toHaveLength(1);
});

test('C16: a message is edited so often and no more, and can be recalled then', async () => {
  const { house, one, edit, recall } = await annAndBob();
  const { conversationId, messageId } = one.encoded.message;
  const last = { action: 'edit', by: 'ann', at: 1, content: { text: 'last' }, actionId: 'last' } as const;
  await house.messages.apply({ conversationId, messageId }, { ...last, revision: MAX_REVISION - 1 }, 'b1');
  await house.publish([{ ...edit(one, 'more'), ref: 'more' }]);
  await house.quiet();
  expect(errorsIn(house)).toEqual([['ann', 'more', 'action_refused', 'messageId']]);
  await house.publish([recall(one)]);
  await house.quiet();
  expect(await storedOf(house, one)).toMatchObject({ content: {}, revision: MAX_REVISION });
});

test('C18: a member who may not write in a group does not edit there; another admin neither', async () => {
  const { house, events } = await teamHouse();
  const { inGroup, edit, change } = events;
  const [one, two] = [inGroup('cid', TEAM, 'one'), inGroup('cid', TEAM, 'two')];
  await house.publish([one, two]);
  await house.publish([
    { ...edit(one, 'x'), by: 'ann', sessionId: sessionOf('ann'), ref: 'owner' },
    change('ann', TEAM, 'mute', { userId: 'cid', until: house.clock.now() + 600_000 }),
    { ...edit(one, 'x'), ref: 'muted' },
    change('ann', TEAM, 'mute', { userId: 'cid', until: 0 }),
    change('ann', TEAM, 'update', { settings: { post: 'admins' } }),
    { ...edit(one, 'x'), ref: 'channel' },
    change('ann', TEAM, 'remove', { users: ['cid'] }),
    { ...edit(one, 'x'), ref: 'removed' },
  ]);
  await house.quiet();
  expect(
    errorsIn(house)
      .map(([, ref, code]) => `${ref} ${code}`)
      .toSorted(),
  ).toEqual([...['channel not_allowed', 'muted muted', 'owner action_refused', 'removed message_not_found']]);
});

test.each(['all', 'since_join'] as const)(
  'C20: in a group whose history is for %s, an edit comes live',
  async (history) => {
    const { house, events } = await teamHouse({ history });
    const { inGroup, edit } = events;
    const one = inGroup('cid', TEAM, 'one');
    await house.publish([one]);
    await house.publish([edit(one, 'uno')]);
    await house.quiet();
    const [frame, ...others] = framesTo(house, groupLog(TEAM), 'action');
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ action: 'edit', revision: 1, position: 4 });
    expect(frame?.content).toEqual(history === 'all' ? { text: 'uno' } : undefined);
  },
);

test('edits of several messages are applied side by side, and are in the log in their order', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { promise: allBegun, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  house.start(undefined, (options) => {
    const apply: House['messages']['apply'] = async (...args) => {
      if (++begun === 3) resolve();
      await allBegun;
      return house.messages.apply(...args);
    };
    return new Business({ ...options, engines: { ...options.engines, messages: { ...house.messages, apply } } });
  });
  const { message, edit } = eventsOf(house);
  const messages = ['a', 'b', 'c'].map((name) => message('ann', 'bob', name));
  await house.publish(messages);
  await house.quiet();
  await house.publish(messages.toReversed().map((one) => edit(one, 'edited')));
  await house.quiet();
  const edited = (await inbox(house, 'bob')).flatMap((entry) => (entry.type === 'action' ? [entry.messageId] : []));
  expect(edited).toEqual(messages.toReversed().map(({ encoded }) => encoded.message.messageId));
});

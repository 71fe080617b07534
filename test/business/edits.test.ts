import { DEFAULT_LIMITS, groupLog, ImError, MAX_REVISION } from '@chasqui/domain';
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

/** How many actions each later call to a store has. */
function callSizes({ messages, conversations }: House): number[] {
  const sizes: number[] = [];
  const { apply } = messages;
  const { act } = conversations;
  messages.apply = (actions) => {
    sizes.push(actions.length);
    return apply(actions);
  };
  conversations.act = (actions) => {
    sizes.push(actions.length);
    return act(actions);
  };
  return sizes;
}

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
  await house.messages.apply([
    { conversationId, messageId, action: { ...last, revision: MAX_REVISION - 1 }, node: 'b1' },
  ]);
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

test('edits of several messages are applied in one call, and are in the log in their order', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const sizes = callSizes(house);
  house.start();
  const { message, edit } = eventsOf(house);
  const messages = ['a', 'b', 'c'].map((name) => message('ann', 'bob', name));
  await house.publish(messages);
  await house.quiet();
  await house.publish(messages.toReversed().map((one) => edit(one, 'edited')));
  await house.quiet();
  expect(sizes).toEqual([3, 3]);
  const edited = (await inbox(house, 'bob')).flatMap((entry) => (entry.type === 'action' ? [entry.messageId] : []));
  expect(edited).toEqual(messages.toReversed().map(({ encoded }) => encoded.message.messageId));
});

test('many edits of one message are one call, each with a revision and an answer of its own; a refused one stops none', async () => {
  const { house, one, edit } = await annAndBob();
  const sizes = callSizes(house);
  const edits = Array.from({ length: 20 }, (_, n) => edit(one, `words ${n}`, `key ${n}`));
  await house.publish(edits.toSpliced(10, 0, { ...edit(one, 'x'), content: { data: {} }, ref: 'other kind' }));
  await house.quiet();
  expect(sizes).toEqual([20, 20]);
  const facts = edits.map((_, n) => ({ revision: n + 1, actionId: `key ${n}`, content: { text: `words ${n}` } }));
  for (const user of ['ann', 'bob']) expect(framesTo(house, user, 'action')).toMatchObject(facts);
  expect(errorsIn(house)).toEqual([['ann', 'other kind', 'action_refused', 'content']]);
  const updates = (await inbox(house, 'bob')).flatMap((entry) => (entry.type === 'action' ? [entry.revision] : []));
  expect(updates).toEqual(facts.map(({ revision }) => revision));
  expect(await storedOf(house, one)).toMatchObject({ content: { text: 'words 19' }, revision: 20 });
  expect(house.told.filter(({ type }) => type === 'message.action')).toHaveLength(20);
});

test('an edit before a recall is applied before it, and one behind it is refused', async () => {
  const { house, one, edit, recall } = await annAndBob();
  const sizes = callSizes(house);
  await house.publish([edit(one, 'a'), edit(one, 'b'), recall(one), { ...edit(one, 'c'), ref: 'late' }]);
  await house.quiet();
  expect(sizes).toEqual([2, 2, 1, 1]);
  expect(errorsIn(house)).toEqual([['ann', 'late', 'action_refused', 'messageId']]);
  expect(await storedOf(house, one)).toMatchObject({ content: {}, revision: 3 });
});

test.each(['apply', 'act'] as const)('C3: a process that fails at %s does a round of edits once', async (step) => {
  const { house, one, message, edit } = await annAndBob();
  const two = message('ann', 'bob', 'two');
  await house.publish([two]);
  await house.quiet();
  const { apply } = house.messages;
  const { act } = house.conversations;
  let failures = 2;
  const fails = async (name: string) => {
    if (name === step && failures-- > 0) throw new ImError('store_unavailable', 'away');
  };
  house.messages.apply = async (actions) => {
    const results = await apply(actions);
    await fails('apply');
    return results;
  };
  house.conversations.act = async (actions) => {
    const places = await act(actions);
    await fails('act');
    return places;
  };
  await house.publish([edit(one, 'a', '1'), edit(two, 'b', '2'), edit(one, 'c', '3')]);
  await house.quiet();
  expect(failures).toBeLessThan(0);
  const updates = (await inbox(house, 'bob')).flatMap((entry) => (entry.type === 'action' ? [entry.revision] : []));
  expect(updates).toEqual([1, 1, 2]);
  expect(await storedOf(house, one)).toMatchObject({ content: { text: 'c' }, revision: 2 });
  expect(await storedOf(house, two)).toMatchObject({ content: { text: 'b' }, revision: 1 });
});

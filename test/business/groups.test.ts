import { ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { statusesOf } from './final-state.ts';
import { framesTo, headOf, idOf, LOG, logOfTeam, storedOf, TEAM, teamHouse, textsOf } from './groups.ts';
import { NODE } from './house.ts';

test('C2, C19: a message to a group is one entry of its log, and everybody is told its place', async () => {
  const { house, events } = await teamHouse();
  const sent = events.inGroup('cid', TEAM, 'hello');
  await house.publish([sent]);
  await house.quiet();
  const { messageId, clientMessageId } = sent.encoded.message;
  expect((await logOfTeam(house)).at(-1)).toMatchObject({ type: 'message', messageId, from: 'cid', position: 3 });
  expect(await storedOf(house)).toMatchObject([{ messageId, content: { text: 'hello' }, audience: [LOG] }]);
  const ack = { clientMessageId, messageId, conversationId: TEAM, position: 3 };
  expect(framesTo(house, 'cid', 'server_ack')).toMatchObject([ack]);
  expect(framesTo(house, LOG, 'stored_messages')).toEqual([
    { type: 'stored_messages', conversationId: TEAM, messages: [{ messageId, position: 3 }] },
  ]);
  for (const userId of ['ann', 'bob', 'cid', 'dan']) {
    expect((await house.logs.page(userId, 0, 10)).entries.filter(({ type }) => type === 'message')).toEqual([]);
  }
});

test('C19: a message to a group costs the same calls, whoever is in it; its trace says when it was stored', async () => {
  const { house, process, events } = await teamHouse();
  process.arm(null);
  await house.publish([events.inGroup('cid', TEAM, 'hello')]);
  await house.quiet();
  expect(process.steps.filter((step) => !step.startsWith('registry.')).toSorted()).toEqual([
    ...['bus.publish', 'bus.publish', 'bus.publish', 'conversations.record', 'groupNodes.nodesOf', 'messages.put'],
    ...['peers.deliver', 'peers.deliver'],
  ]);
  expect(house.told.filter(({ type }) => type === 'message.stored')).toHaveLength(1);
  const [stored] = await storedOf(house);
  expect(stored?.steps.map(({ state }) => state)).toEqual(['queued', 'storing', 'stored']);
});

test('C18: ids rise with positions: a message gets another id behind the others, and is found under that alone', async () => {
  const { house, events } = await teamHouse();
  const [early, late] = [events.inGroup('cid', TEAM, 'second'), events.inGroup('ann', TEAM, 'first')];
  await house.publish([late, early]);
  await house.quiet();
  expect(await textsOf(house)).toEqual(['first', 'second']);
  const [, second] = await storedOf(house);
  expect(second?.messageId).not.toBe(idOf(early));
  expect(framesTo(house, 'cid', 'server_ack')).toMatchObject([{ messageId: second?.messageId, replaces: idOf(early) }]);
  expect(framesTo(house, LOG, 'stored_messages').flatMap(({ messages }) => messages)).toContainEqual({
    messageId: second?.messageId,
    position: 4,
    replaces: idOf(early),
  });
  expect(await house.messages.get([early.encoded.message])).toEqual([null]);
});

test('C18: each message is judged by the members of its place in the log, also within one batch', async () => {
  const { house, events } = await teamHouse();
  const remove = () => events.change('ann', TEAM, 'remove', { users: ['cid'] });
  const sent = (name: string) => events.inGroup('cid', TEAM, name);
  await house.publish([
    sent('before'),
    remove(),
    sent('after'),
    events.change('ann', TEAM, 'add', { users: ['cid'] }),
    sent('again'),
    events.change('bob', TEAM, 'mute', { userId: 'cid', until: house.clock.now() + 60_000 }),
    sent('muted'),
  ]);
  await house.quiet();
  expect(await textsOf(house)).toEqual(['before', 'again']);
  const errors = framesTo(house, 'cid', 'error').map(({ code, ref, retry }) => [code, ref, retry]);
  expect(errors).toEqual([
    ['not_a_member', 'after', 'never'],
    ['muted', 'muted', 'never'],
  ]);
  expect((await logOfTeam(house)).map(({ type }) => type)).toEqual([
    ...['notice', 'notice', 'message', 'notice', 'notice', 'message', 'notice'],
  ]);
});

test('C18, C20: a resend is shown once it is stored, with its place; one that the log refuses, or has, is shown to nobody', async () => {
  const { house, events } = await teamHouse();
  const sent = (name: string) => ({ ...events.inGroup('cid', TEAM, name), unpushed: true }) as const;
  const [pushed, first] = [events.inGroup('ann', TEAM, 'pushed'), sent('first')];
  await house.publish([pushed, first]);
  await house.quiet();
  const messageId = idOf(first);
  const chats = () => house.shown.filter(({ frame }) => frame.type === 'chat');
  const shown = { messageId, position: 4, from: 'cid', content: { text: 'first' }, status: 'stored' };
  expect(chats()).toMatchObject([{ userId: LOG, frame: shown }]);
  expect(framesTo(house, LOG, 'stored_messages').flatMap(({ messages }) => messages)).toHaveLength(1);
  expect(framesTo(house, 'cid', 'server_ack')).toMatchObject([{ clientMessageId: 'first', position: 4 }]);
  await house.publish([events.change('ann', TEAM, 'remove', { users: ['cid'] }), first, sent('late')]);
  await house.quiet();
  expect(chats()).toHaveLength(1);
  expect(framesTo(house, LOG, 'retract')).toEqual([]);
  expect(framesTo(house, 'cid', 'server_ack')).toMatchObject([{ position: 4 }, { messageId, position: 4 }]);
  expect(framesTo(house, 'cid', 'error')).toMatchObject([{ code: 'not_a_member', ref: 'late' }]);
});

test('C3, C18: what the log refuses is nowhere: taken back where it was seen, not stored, not found, not counted', async () => {
  const { house, events } = await teamHouse({ post: 'admins' });
  const sent = events.inGroup('cid', TEAM, 'refused');
  await house.publish([sent]);
  await house.quiet();
  const retract = { type: 'retract', messageId: idOf(sent), conversationId: TEAM };
  expect(framesTo(house, 'cid', 'error')).toMatchObject([
    { code: 'not_allowed', ref: 'refused', field: 'conversationId' },
  ]);
  expect(framesTo(house, LOG, 'retract')).toEqual([retract]);
  expect(house.shown.filter(({ frame }) => frame.type === 'server_ack' || frame.type === 'stored_messages')).toEqual(
    [],
  );
  expect([await textsOf(house), (await headOf(house, 'ann')).unread]).toEqual([[], 0]);
  expect(await house.search.search({ logs: [LOG], text: 'refused', limit: 10 })).toEqual([]);
  // Also for a copy, after the sender could post it.
  await house.publish([events.change('ann', TEAM, 'role', { userId: 'cid', role: 'admin' }), sent]);
  await house.quiet();
  expect(framesTo(house, 'cid', 'error')).toHaveLength(2);
  expect(await textsOf(house)).toEqual([]);
});

test('C3, C4: a resend has the first copy’s place and id; other content under its clientMessageId is refused', async () => {
  const { house, events } = await teamHouse();
  const first = events.inGroup('cid', TEAM, 'one');
  const again = events.inGroup('cid', TEAM, 'one');
  const forged = events.inGroup('cid', TEAM, 'one', { content: { text: 'other' } });
  await house.publish([first, again, forged]);
  await house.quiet();
  expect(await textsOf(house)).toEqual(['one']);
  expect(await house.messages.get([again.encoded.message, forged.encoded.message])).toEqual([null, null]);
  expect(framesTo(house, 'cid', 'server_ack')).toMatchObject([
    { messageId: idOf(first), position: 3 },
    { messageId: idOf(first), position: 3, replaces: idOf(again) },
  ]);
  expect(framesTo(house, 'cid', 'error')).toMatchObject([{ code: 'client_message_id_reused', ref: 'one' }]);
  expect(framesTo(house, LOG, 'retract')).toMatchObject([{ messageId: idOf(forged) }]);
  expect((await headOf(house, 'ann')).unread).toBe(1);
});

test('C19: a busy group gets few frames: what is stored within an interval is told together', async () => {
  const { house, events } = await teamHouse();
  for (let n = 0; n < 10; n++) {
    await house.publish([events.inGroup('cid', TEAM, `a${n}`), events.inGroup('ann', TEAM, `b${n}`)]);
    await house.clock.advance(1);
  }
  await house.clock.advance(200);
  const frames = framesTo(house, LOG, 'stored_messages');
  expect(frames.map(({ messages }) => messages.length)).toEqual([2, 18]);
  const places = frames.flatMap(({ messages }) => messages.map(({ position }) => position));
  expect(places).toEqual(Array.from({ length: 20 }, (_, n) => n + 3));
});

test('C23: while a batch is retried, a group is told once of its changes and of actions', async () => {
  const { house, events } = await teamHouse();
  const [old, older] = [events.inGroup('ann', TEAM, 'old'), events.inGroup('ann', TEAM, 'older')];
  await house.publish([old, older]);
  await house.quiet();
  const { put, apply } = house.messages;
  const failures = { put: 5, apply: 5 };
  const away = () => new ImError('store_unavailable', 'away');
  house.messages.put = async (all) => (failures.put-- > 0 ? Promise.reject(away()) : put(all));
  house.messages.apply = async (actions) =>
    actions.some(({ messageId }) => messageId === idOf(older)) && failures.apply-- > 0
      ? Promise.reject(away())
      : apply(actions);
  const add = events.change('ann', TEAM, 'add', { users: ['eve'] });
  await house.publish([add, events.inGroup('ann', TEAM, 'one'), events.recall(old), events.recall(older)]);
  await house.quiet();
  expect(Math.max(failures.put, failures.apply)).toBeLessThan(0);
  expect(framesTo(house, LOG, 'notice')).toHaveLength(1);
  expect(framesTo(house, LOG, 'recall').map(({ messageId }) => messageId)).toEqual([idOf(old), idOf(older)]);
  expect(framesTo(house, LOG, 'sync_needed')).toEqual([]);
});

test('C9, C10: what is of groups in an inbox stops neither the recovery of a dead node nor a confirmation', async () => {
  const { house, events } = await teamHouse();
  const { get, raise } = house.messages;
  const named = <K extends { messageId: string }>(keys: readonly K[]) => {
    expect(keys.filter(({ messageId }) => messageId === undefined)).toEqual([]);
    return keys;
  };
  house.messages.get = async (keys) => get(named(keys));
  house.messages.raise = async (changes) => raise(named(changes));
  await house.publish([
    events.message('ann', 'bob', 'direct'),
    events.inGroup('ann', TEAM, 'in the group'),
    events.change('ann', TEAM, 'role', { userId: 'bob', role: 'member' }),
    events.message('ann', 'bob', 'later'),
  ]);
  await house.quiet();
  await house.registry.renew(NODE, 1_000);
  await house.clock.advance(60_000);
  await house.quiet();
  const states = { direct: 'unread', later: 'unread', 'in the group': 'stored' };
  expect(Object.fromEntries(await statusesOf(house))).toEqual(states);
  const { head } = await house.logs.page('bob', 0, 1);
  await house.publish([events.synced('bob', head)]);
  await house.quiet();
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ ...states, direct: 'delivered', later: 'delivered' });
  expect(await house.logs.devices('bob')).toMatchObject([{ position: head }]);
});

test('C23: a direct message does not wait for the messages of groups in its batch', async () => {
  const { house, events } = await teamHouse();
  const { put } = house.messages;
  house.messages.put = async (all) => {
    if (all.some(({ message }) => message.conversationId === TEAM)) await sleep(house.clock, 500);
    return put(all);
  };
  const batch = [events.inGroup('cid', TEAM, 'in the group'), events.message('ann', 'bob', 'direct')];
  await house.publish(batch);
  await house.clock.advance(100);
  expect(framesTo(house, 'ann', 'server_ack')).toMatchObject([{ clientMessageId: 'direct' }]);
  expect(framesTo(house, 'cid', 'server_ack')).toEqual([]);
  await house.quiet();
  expect(framesTo(house, 'cid', 'server_ack')).toHaveLength(1);
});

test('C14: a process that ends tells what it has kept back', async () => {
  const { house, events, process } = await teamHouse();
  await house.publish([events.inGroup('cid', TEAM, 'one')]);
  await house.clock.advance(1);
  await house.publish([events.inGroup('cid', TEAM, 'two')]);
  await house.clock.advance(1);
  expect(framesTo(house, LOG, 'stored_messages')).toHaveLength(1);
  await house.stop(process);
  expect(framesTo(house, LOG, 'stored_messages').map(({ messages }) => messages.length)).toEqual([1, 1]);
});

test('C20: nodes know of a change before its frames; each of those concerned is told in their inbox', async () => {
  const { house, events } = await teamHouse();
  const before = house.shown.length;
  await house.publish([events.change('ann', TEAM, 'remove', { users: ['cid'] })]);
  await house.quiet();
  expect(house.changes).toEqual([{ group: TEAM, users: ['cid'] }]);
  expect(framesTo(house, LOG, 'notice')).toMatchObject([{ notice: 'removed', users: ['cid'], by: 'ann', position: 3 }]);
  const [entry] = (await house.logs.page('cid', 0, 10)).entries.filter(({ type }) => type === 'membership').slice(-1);
  expect(entry).toMatchObject({ event: 'removed' });
  expect(framesTo(house, 'cid', 'membership')).toEqual([entry]);
  expect(house.shown.length - before).toBe(2);
});

test('C17: a batch makes one plan, that of its newest message; mentions of all are kept, and the named have tasks', async () => {
  const { house, events } = await teamHouse({ mentionAll: 'all' });
  const sent = [
    events.inGroup('cid', TEAM, 'one', { mentions: ['ann', 'cid', 'ann'] }),
    events.inGroup('cid', TEAM, 'two', { mentions: 'all' }),
    events.inGroup('ann', TEAM, 'three'),
    events.inGroup('bob', TEAM, 'four'),
  ];
  await house.publish([...sent, events.inGroup('eve', TEAM, 'refused', { mentions: ['ann'] })]);
  await house.quiet();
  const [one, two, , four] = sent.map(idOf);
  expect(house.plans.map(({ messageId, from, mentions }) => [messageId, from, mentions])).toEqual([
    [two, 'cid', 'all'],
    [four, 'bob', undefined],
  ]);
  expect(house.pushTasks.map(({ messageId, from, to }) => [messageId, from, to])).toEqual([[one, 'cid', 'ann']]);
});

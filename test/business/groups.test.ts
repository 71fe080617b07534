import { CONVERSATION_TOPIC, groupLog, ImError, type MessageEvent } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { statusesOf } from './final-state.ts';
import { framesTo, logOfTeam, TEAM, teamHouse } from './groups.ts';
import { type House, NODE } from './house.ts';

const LOG = groupLog(TEAM);

const storedOf = async ({ messages }: House) => (await messages.page(TEAM, { limit: 100 })).toReversed();
const textsOf = async (house: House) => (await storedOf(house)).map(({ content }) => content.text);
const headOf = async ({ groups }: House, userId: string) =>
  (await groups.headsOf([{ conversationId: TEAM, userId }]))[0] ?? expect.fail(`${userId} never was there`);
const idOf = ({ encoded: { message } }: MessageEvent) => message.messageId;

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
  house.messages.apply = async (key, ...rest) =>
    key.messageId === idOf(older) && failures.apply-- > 0 ? Promise.reject(away()) : apply(key, ...rest);
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

test('C7, C21, C22: reading moves the reader’s mark, tells their devices and a small group, and nothing for others', async () => {
  const { house, process, events } = await teamHouse();
  const sent = ['one', 'two', 'three'].map((name) => events.inGroup('ann', TEAM, name, { mentions: ['cid'] }));
  await house.publish(sent);
  await house.quiet();
  expect(await headOf(house, 'cid')).toMatchObject({ unread: 3, mentions: 3 });
  process.arm(null);
  const upTo = idOf(sent[1] as MessageEvent);
  await house.publish([
    { ...events.receipt('read', sent[1] as MessageEvent), by: 'cid' },
    { ...events.receipt('delivered', sent[2] as MessageEvent), by: 'cid' },
  ]);
  await house.quiet();
  expect(await headOf(house, 'cid')).toMatchObject({ unread: 1, mentions: 1, read: { upTo } });
  expect(framesTo(house, 'cid', 'read')).toMatchObject([{ conversationId: TEAM, upTo, position: expect.any(Number) }]);
  expect(framesTo(house, LOG, 'read_mark')).toMatchObject([{ by: 'cid', upTo }]);
  expect(framesTo(house, 'ann', 'receipt')).toEqual([]);
  expect(process.steps.filter((step) => /append|raise|put/.test(step))).toEqual([]);
});

test('C22: the mark moves neither back, nor for ids that do not exist, nor for strangers', async () => {
  const { house, events } = await teamHouse();
  const [one, two] = [events.inGroup('ann', TEAM, 'one'), events.inGroup('ann', TEAM, 'two')];
  const absent = events.inGroup('ann', TEAM, 'absent');
  await house.publish([one, two]);
  await house.quiet();
  const read = (by: string, of: MessageEvent) => ({ ...events.receipt('read', of), by });
  await house.publish([read('cid', two), read('cid', one), read('dan', absent), read('eve', two)]);
  await house.quiet();
  expect((await headOf(house, 'cid')).read.upTo).toBe(idOf(two));
  expect((await headOf(house, 'dan')).read.upTo).toBe('');
  expect((await house.groups.headsOf([{ conversationId: TEAM, userId: 'eve' }]))[0]).toBeNull();
  expect(framesTo(house, LOG, 'read_mark').map(({ by }) => by)).toEqual(['cid']);
});

test('a large group is not told who has read what', async () => {
  const { house, events } = await teamHouse({}, { maxSmallGroup: 3 });
  const sent = events.inGroup('ann', TEAM, 'one');
  await house.publish([sent, { ...events.receipt('read', sent), by: 'cid' }]);
  await house.quiet();
  expect((await headOf(house, 'cid')).read.upTo).toBe(idOf(sent));
  expect(framesTo(house, LOG, 'read_mark')).toEqual([]);
});

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

test.each(['messages', 'conversations'] as const)(
  'C3, C10: a message to a group that %s refuse for good is nowhere, or taken back, and its sender learns of it',
  async (where) => {
    const { house, events } = await teamHouse();
    const refuse = ({ content }: { content: { text?: string } }) => {
      if (content.text === 'bad') throw new ImError('unprocessable', 'the database permanently refuses this value');
    };
    const { put } = house.messages;
    const { record } = house.conversations;
    if (where === 'messages') {
      house.messages.put = async (all) => {
        for (const { message } of all) refuse(message);
        return put(all);
      };
    } else {
      house.conversations.record = async (all) => {
        all.forEach(refuse);
        return record(all);
      };
    }
    const bad = events.inGroup('cid', TEAM, 'bad');
    await house.publish([events.inGroup('cid', TEAM, 'before'), bad, events.inGroup('ann', TEAM, 'after')]);
    await house.quiet();
    expect(framesTo(house, 'cid', 'error')).toMatchObject([{ code: 'unprocessable', ref: 'bad' }]);
    expect(framesTo(house, LOG, 'retract')).toMatchObject([{ messageId: idOf(bad) }]);
    expect((await textsOf(house)).filter((text) => text !== undefined)).toEqual(['before', 'after']);
    const inLog = (await logOfTeam(house)).flatMap((entry) => (entry.type === 'message' ? [entry] : []));
    expect((await house.messages.get(inLog)).filter((message) => message === null)).toEqual([]);
    expect(framesTo(house, LOG, 'sync_needed')).toHaveLength(where === 'messages' ? 1 : 0);
  },
);

test('C3: a change that can never be handled is refused for good to who asked, and its shard goes on', async () => {
  const { house, events } = await teamHouse();
  const bad = events.change('ann', TEAM, 'add', { users: ['eve'] });
  const { apply } = house.groups;
  house.groups.apply = (change, bounds) =>
    change.changeId === bad.change.changeId ? Promise.reject(new TypeError('a fault of ours')) : apply(change, bounds);
  await house.publish([bad, events.inGroup('cid', TEAM, 'after')]);
  await house.quiet();
  expect(await house.groups.outcome(bad.change)).toMatchObject({ result: 'refused', code: 'unprocessable' });
  expect(await textsOf(house)).toEqual(['after']);
  expect(await house.bus.deadLetters(CONVERSATION_TOPIC, 'business', 10)).toHaveLength(1);
});

test.each(['groups.apply', 'conversations.act', 'conversations.markRead'])(
  'a crash behind %s: whoever was to be told is told to sync, as the places are not known any more',
  async (name) => {
    const { house, process, events } = await teamHouse();
    const sent = events.inGroup('cid', TEAM, 'one');
    await house.publish([sent]);
    await house.quiet();
    house.shown.length = 0;
    const batch = () => [
      { ...events.receipt('read', sent), by: 'ann' },
      events.recall(sent),
      events.change('ann', TEAM, 'add', { users: ['eve'] }),
    ];
    const silence = process.onSilence;
    process.onSilence = () => {
      silence();
      house.start();
    };
    process.dieAfter(name);
    await house.connect('eve');
    await house.publish(batch());
    await house.quiet();
    const synced = house.shown.filter(({ frame }) => frame.type === 'sync_needed').map(({ userId }) => userId);
    const expected = { 'groups.apply': [LOG, 'eve'], 'conversations.act': [LOG], 'conversations.markRead': ['ann'] };
    expect(synced.toSorted()).toEqual(expect.arrayContaining(expected[name as keyof typeof expected]));
  },
);

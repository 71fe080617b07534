import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { framesTo, idOf, LOG, logOfTeam, TEAM, teamHouse, textsOf } from './groups.ts';

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

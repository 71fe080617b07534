import {
  contentDigests,
  defaultSettings,
  encodeMessage,
  type GroupChange,
  type GroupPlan,
  groupLog,
  PUSH_GROUP,
  PUSH_TOPIC,
} from '@chasqui/domain';
import { expect, test } from 'vitest';
import { pushWorld, type WorldOptions } from './testing/fixture.ts';

const TEAM = 'team';
const BOUNDS = { maxGroupMembers: 10_000, maxGroupsPerUser: 10_000 };

/** ann owns a group with the given members, each of whom has one phone. */
async function teamWorld(members: readonly string[], options: WorldOptions = {}) {
  const world = pushWorld(options);
  const { engines, clock } = world;
  const change = (name: GroupChange['change'], details: object, by = 'ann') => {
    const own = { change: name, conversationId: TEAM, changeId: engines.ids.next(), by, at: clock.now(), details };
    return engines.groups.apply(own as GroupChange, BOUNDS);
  };
  const profile = { name: 'Team', description: '', picture: '' };
  await change('create', {
    ...profile,
    settings: { ...defaultSettings(5_000), mentionAll: 'all' },
    members: members.slice(0, 500),
  });
  for (let start = 500; start < members.length; start += 500) {
    await change('add', { users: members.slice(start, start + 500) });
  }
  for (const userId of ['ann', ...members]) await world.register('apns', { userId, token: userId });
  return {
    ...world,
    change,
    /** Stores a message as Business does, and returns its plan. */
    async posted(text: string, fields: Pick<GroupPlan, 'mentions'> = {}, from = 'ann'): Promise<GroupPlan> {
      const messageId = engines.ids.next();
      const message = {
        messageId,
        conversationId: TEAM,
        from,
        fromDevice: 'web',
        kind: 'group' as const,
        clientMessageId: messageId,
        content: { text },
        sentAt: clock.now(),
        audience: [groupLog(TEAM)],
        ...fields,
      };
      await engines.conversations.record([{ ...message, digests: contentDigests({ ...message, to: TEAM }) }]);
      await engines.messages.put([{ ...encodeMessage(message), steps: [] }]);
      return { type: 'group_plan', conversationId: TEAM, messageId, from, at: clock.now(), ...fields };
    },
    async online(userId: string) {
      const entry = { userId, deviceId: 'phone', platform: 'ios', sessionId: `s-${userId}`, nodeId: 'n', since: 0 };
      await engines.nodes.renew(
        { nodeId: 'n', wsUrl: 'ws://n', peerAddress: 'n', connections: 0, draining: false, startedAt: 0 },
        1e9,
      );
      await engines.presence.register(entry);
    },
    told: () => world.senders.apns.sent.map(({ registration }) => registration.token).toSorted(),
  };
}

test('C17: whoever is away is notified once of a message to their group; not the sender, nor who is online', async () => {
  const { engines, posted, stored, publish, clock, told, online, senders, outcomes } = await teamWorld([
    'bob',
    'cid',
    'dan',
  ]);
  await online('cid');
  await stored('direct', 'ann', 'bob');
  const plan = await posted('hello');
  await publish(plan, plan);
  await clock.advance(10_000);
  expect(told()).toEqual(['bob', 'dan']);
  const shown = senders.apns.sent.map(({ registration, title, conversationId, badge }) => [
    ...[registration.token, title, conversationId, badge],
  ]);
  expect(shown.toSorted()).toEqual([
    ['bob', 'ann (Team)', TEAM, 2],
    ['dan', 'ann (Team)', TEAM, 1],
  ]);
  expect(await outcomes(plan)).toHaveLength(2);
  expect(await engines.bus.deadLetters(PUSH_TOPIC, PUSH_GROUP, 10)).toEqual([]);
});

test('the badges of all who are notified of one message are read together, and no list of their groups', async () => {
  const { engines, posted, publish, clock, told } = await teamWorld(['bob', 'cid', 'dan']);
  const read: string[][] = [];
  const { unread } = engines.groups;
  engines.groups.unread = (userIds) => {
    read.push([...userIds]);
    return unread(userIds);
  };
  engines.groups.heads = () => expect.fail('a list of groups was read');
  await publish(await posted('hello', { mentions: 'all' }));
  await clock.advance(10_000);
  expect(told()).toEqual(['bob', 'cid', 'dan']);
  // Bob's and Dan's tasks are in one shard.
  expect(read).toEqual([['cid'], ['bob', 'dan']]);
});

test('C17: a group of thousands is planned page by page, each of its members once; other tasks do not wait', async () => {
  const members = Array.from({ length: 1_700 }, (_, n) => `user${String(n).padStart(4, '0')}`);
  const { posted, publish, clock, told, stored, register } = await teamWorld(members);
  await register('apns');
  await publish(await posted('all of you', { mentions: 'all' }));
  await clock.advance(100);
  const task = await stored('direct', 'ann', 'bob');
  await publish(task);
  await clock.advance(3_000);
  expect(told()).toContain('apns-token');
  expect(told().length).toBeLessThan(1_700);
  await clock.advance(60_000);
  expect(told()).toEqual(['apns-token', ...members]);
});

test('C17: what is planned twice, as after a crash between two writes, notifies nobody twice', async () => {
  const members = Array.from({ length: 700 }, (_, n) => `user${n}`);
  let broken = 2;
  const { posted, publish, clock, told } = await teamWorld(members, {
    spoil: ({ bus }) => ({
      bus: {
        ...bus,
        publish: async (publication) => {
          await bus.publish(publication);
          if (publication.delayMs !== undefined && broken-- > 0) throw new Error('the answer was lost');
        },
      },
    }),
  });
  await publish(await posted('all of you', { mentions: 'all' }));
  await clock.advance(120_000);
  expect(broken).toBeLessThan(0);
  expect(told()).toEqual(members.toSorted());
});

test('who wants mentions only is notified of those, who wants nothing of nothing; until the time that they set', async () => {
  const { engines, posted, publish, clock, told } = await teamWorld(['bob', 'cid', 'dan']);
  const set = (userId: string, level: 'mentions' | 'none', until = 0) =>
    engines.conversationStates.change({ userId, conversationId: TEAM }, { notify: { level, until } }, clock.now());
  await set('bob', 'mentions');
  await set('cid', 'none', clock.now() + 60_000);
  await publish(await posted('plain'));
  await clock.advance(10_000);
  expect(told()).toEqual(['dan']);
  await publish(await posted('all', { mentions: 'all' }));
  await clock.advance(10_000);
  expect(told()).toEqual(['bob', 'dan', 'dan']);
  await clock.advance(60_000);
  await publish(await posted('later'));
  await clock.advance(10_000);
  expect(told()).toEqual(['bob', 'cid', 'dan', 'dan', 'dan']);
});

test('who is mentioned by name is notified of that, unless they want nothing of the group', async () => {
  const { engines, posted, publish, clock, told, outcomes } = await teamWorld(['bob', 'cid', 'dan']);
  const set = (userId: string, level: 'mentions' | 'none') =>
    engines.conversationStates.change({ userId, conversationId: TEAM }, { notify: { level, until: 0 } }, clock.now());
  await set('bob', 'mentions');
  await set('cid', 'none');
  const plan = await posted('you two', { mentions: ['bob', 'cid'] });
  await publish(plan, ...['bob', 'cid'].map((to) => ({ ...plan, type: undefined, to })));
  await clock.advance(10_000);
  expect(told()).toEqual(['bob', 'dan']);
  expect((await outcomes(plan)).map(({ reason }) => reason).toSorted()).toEqual(['muted', 'sent', 'sent']);
});

test('in a large group only who chose so is notified of what mentions nobody', async () => {
  const members = Array.from({ length: 501 }, (_, n) => `user${n}`);
  const { engines, posted, publish, clock, told } = await teamWorld(members);
  const key = { userId: 'user77', conversationId: TEAM };
  await engines.conversationStates.change(key, { notify: { level: 'all', until: 0 } }, clock.now());
  await publish(await posted('plain'));
  await clock.advance(20_000);
  expect(told()).toEqual(['user77']);
});

test('C20: who has left, or joined later, is not notified of what they may not see', async () => {
  const { posted, publish, clock, told, change } = await teamWorld(['bob', 'cid']);
  await change('update', { settings: { history: 'since_join' } });
  const plan = await posted('before');
  const tasks = ['bob', 'dan'].map((to) => ({ ...plan, type: undefined, to }));
  await change('remove', { users: ['bob'] });
  await change('add', { users: ['dan'] });
  await publish(plan, ...tasks);
  await clock.advance(10_000);
  expect(told()).toEqual(['cid']);
});

test('who has read it meanwhile, or came back, is not notified; a recalled message notifies nobody', async () => {
  const { engines, posted, publish, clock, told, online, outcomes } = await teamWorld(['bob', 'cid', 'dan']);
  const plan = await posted('hello');
  const { messageId: upTo } = plan;
  await engines.conversations.markRead({ userId: 'bob', conversationId: TEAM, upTo, at: clock.now(), node: 'n' });
  await online('cid');
  await publish({ ...plan, type: undefined, to: 'bob' }, { ...plan, type: undefined, to: 'cid' });
  await clock.advance(10_000);
  expect((await outcomes(plan)).map(({ reason }) => reason)).toEqual(['confirmed', 'confirmed']);
  await engines.messages.apply([
    { ...plan, action: { action: 'recall', revision: 1, by: 'ann', at: clock.now() }, node: 'n' },
  ]);
  await publish(plan);
  await clock.advance(10_000);
  expect(told()).toEqual([]);
});

test('a busy group makes one notification of what was posted within seconds: the newest; mentions of all are kept', async () => {
  const { posted, publish, clock, senders } = await teamWorld(['bob']);
  await publish(await posted('first'));
  await clock.advance(1_000);
  for (let n = 0; n < 20; n++) {
    await publish(await posted(`text ${n}`, n === 5 ? { mentions: 'all' } : {}));
    await clock.advance(100);
  }
  await clock.advance(30_000);
  const ids = new Set(senders.apns.sent.map(({ collapseId }) => collapseId));
  expect([senders.apns.sent.length, ids.size]).toEqual([3, 1]);
});

test('the mail about a group does not show a name that a stranger may have given it', async () => {
  const { posted, publish, clock, register, senders } = await teamWorld(['bob'], { providers: ['email'] });
  await register('email', { userId: 'bob', deviceId: 'mail' });
  await publish(await posted('hello'));
  await clock.advance(10_000);
  expect(senders.email.sent).toMatchObject([{ title: 'ann' }]);
});

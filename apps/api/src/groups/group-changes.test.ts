import { createManualClock } from '@chasqui/contracts';
import { decodeEvents } from '@chasqui/core';
import { type ChangeOutcome, DEFAULT_LIMITS, type GroupChange, ImError } from '@chasqui/domain';
import { createMemoryBus } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { type AskedChange, GroupChanges, newGroupId } from './group-changes.ts';

const ASKED = { change: 'leave', conversationId: 'team', details: {} } as const;
const APPLIED = { result: 'applied', group: {}, users: ['ann'] } as unknown as ChangeOutcome;

/** `order`: what was done, in its order. */
function changes(fields: { isMember?: boolean; bus?: 'away'; notices?: ImError; erased?: string } = {}) {
  const clock = createManualClock();
  const order: string[] = [];
  const outcomes = new Map<string, ChangeOutcome>();
  const memory = createMemoryBus({ clock, random: () => 0, shards: 1 });
  const bus = {
    ...memory,
    shards: () => 1,
    async publish(publication: Parameters<typeof memory.publish>[0]) {
      if (fields.bus === 'away') throw new ImError('bus_unavailable', 'away');
      const [event] = decodeEvents(publication.body) as { change: GroupChange }[];
      order.push(`published ${event?.change.change} by ${event?.change.by}`);
    },
  };
  const subject = new GroupChanges({
    bus,
    clock,
    limits: DEFAULT_LIMITS,
    nodeId: 'api-1',
    groups: { outcome: async ({ changeId }) => outcomes.get(changeId) ?? null, groups: async () => [null] },
    attachments: { pictured: async () => null },
    erasures: {
      get: async (users) =>
        users.map((userId) =>
          userId === fields.erased
            ? { userId, erasesMessages: false, askedBy: 'key:1', requestedAt: 1, doneAt: 0 }
            : null,
        ),
    },
    access: {
      async mustBelong() {
        if (fields.isMember === false) throw new ImError('not_a_member', 'no member');
      },
    },
    notices: {
      async tell(group, users) {
        order.push(`told the nodes of ${group}: ${users}`);
        if (fields.notices !== undefined) throw fields.notices;
      },
    },
    async throttle() {
      order.push('throttled');
    },
  });
  const apply = (key?: string, asked: AskedChange = ASKED) =>
    subject.apply(asked, { by: 'ann', key }).then(
      () => void order.push('answered'),
      (error) => void order.push(ImError.from(error).code),
    );
  return { clock, order, outcomes, apply };
}

test('C18, C20: a change is published, its outcome awaited, and the nodes told before it is answered', async () => {
  const { clock, order, outcomes, apply } = changes();
  const answer = apply('key');
  await clock.advance(300);
  expect(order).toEqual(['throttled', 'published leave by ann']);
  outcomes.set('key', APPLIED);
  await clock.advance(50);
  await answer;
  expect(order.slice(2)).toEqual(['told the nodes of team: ann', 'answered']);
});

test('a repeat of what was applied is not published again, but the nodes are told again', async () => {
  const { order, outcomes, apply } = changes({ isMember: false });
  outcomes.set('key', APPLIED);
  await apply('key');
  expect(order).toEqual(['told the nodes of team: ann', 'answered']);
});

test('C20: the nodes are told of all whom a removal names, also if an earlier call removed them', async () => {
  const { order, outcomes, apply } = changes();
  outcomes.set('key', { ...APPLIED, users: [] } as ChangeOutcome);
  await apply('key', { change: 'remove', conversationId: 'team', details: { users: ['bob'] } });
  expect(order).toEqual(['told the nodes of team: ann,bob', 'answered']);
});

test('who was erased joins no group: not by its creation, nor added, nor by a request of before; they can be declined', async () => {
  const members = { name: 'Team', description: '', picture: '', settings: {}, members: ['bob', 'eve'] };
  const users = { users: ['bob', 'eve'] };
  const { clock, order, outcomes, apply } = changes({ erased: 'eve' });
  for (const asked of [
    { change: 'create', conversationId: 'team', details: members },
    { change: 'add', conversationId: 'team', details: users },
    { change: 'approve', conversationId: 'team', details: users },
  ] as const)
    await apply(asked.change, asked);
  expect(order.filter((what) => what !== 'throttled')).toEqual(['user_erased', 'user_erased', 'user_erased']);
  const answer = apply('key', { change: 'decline', conversationId: 'team', details: users });
  await clock.advance(10);
  outcomes.set('key', APPLIED);
  await clock.advance(50);
  await answer;
  expect(order.slice(-3)).toEqual(['published decline by ann', 'told the nodes of team: ann,bob,eve', 'answered']);
});

test('whoever is no member reaches neither the bus nor the group', async () => {
  const { order, apply } = changes({ isMember: false });
  await apply('key');
  expect(order).toEqual(['throttled', 'not_a_member']);
});

test('refusals, conflicts, a bus that is away and deadlines are answered as such', async () => {
  const { clock, order, outcomes, apply } = changes();
  outcomes.set('refused', { result: 'refused', code: 'not_allowed', field: 'conversationId', message: 'no' });
  outcomes.set('conflict', { result: 'conflict' });
  await apply('refused');
  await apply('conflict');
  const late = apply('late');
  await clock.advance(DEFAULT_LIMITS.groupChangeDeadlineMs + 50);
  await late;
  expect(order).toEqual([
    'not_allowed',
    'change_id_reused',
    'throttled',
    'published leave by ann',
    'deadline_exceeded',
  ]);
  const away = changes({ bus: 'away' });
  await away.apply();
  expect(away.order).toEqual(['throttled', 'bus_unavailable']);
});

test('C20: a removal of which a node does not know yet is not answered', async () => {
  const { order, outcomes, apply } = changes({ notices: new ImError('deadline_exceeded', 'a node') });
  outcomes.set('key', APPLIED);
  await apply('key');
  expect(order.at(-1)).toBe('deadline_exceeded');
});

test('C16: no more calls wait than the bound', async () => {
  const { clock, order, apply } = changes();
  const calls = Array.from({ length: 1_001 }, (_, index) => apply(`key${index}`));
  await clock.advance(1);
  expect(order.filter((one) => one === 'overloaded')).toHaveLength(1);
  await clock.advance(DEFAULT_LIMITS.groupChangeDeadlineMs + 50);
  await Promise.all(calls);
});

test('the id of a group can be the argument of a command, and a repeat gets the same one', () => {
  const ids = Array.from({ length: 2_000 }, (_, n) => newGroupId({ by: 'ann', key: `k${n}` }));
  expect(ids.filter((id) => !/^\w[\w-]{21}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(newGroupId({ by: 'ann', key: 'k7' })).toBe(ids[7]);
});

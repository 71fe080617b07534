import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupModel } from '../testing/group-model.ts';
import type { ChangeDetails, ChangeName } from './group-change.ts';
import { isCurrent, MAX_INTERVALS, type Member } from './member.ts';

const user = fc.constantFrom('ann', 'bob', 'cat', 'dan', 'eve', 'fay');
const users = fc.array(user, { maxLength: 4 });
const linkId = fc.constantFrom('l1', 'l2');
const until = fc.constantFrom(0, 1_005, 9_999);
const allowed = fc.constantFrom('all' as const, 'admins' as const);
const settings = fc.record(
  {
    add: allowed,
    change: allowed,
    join: fc.constantFrom('open' as const, 'approval' as const),
    maxMembers: fc.integer({ min: 2, max: 12 }),
  },
  { requiredKeys: [] },
);
const nothing = fc.constant({});

const DETAILS: { readonly [N in ChangeName]: fc.Arbitrary<ChangeDetails[N]> } = {
  create: fc.record({
    ...{ name: fc.constant('x'), description: fc.constant(''), picture: fc.constant('') },
    ...{ settings, members: users },
  }),
  update: fc.record({ name: fc.constantFrom('x', 'y'), settings }, { requiredKeys: [] }),
  add: fc.record({ users }),
  remove: fc.record({ users }),
  leave: nothing,
  join: fc.record({ linkId }),
  approve: fc.record({ users }),
  decline: fc.record({ users }),
  role: fc.record({ userId: user, role: fc.constantFrom('admin' as const, 'member' as const) }),
  transfer: fc.record({ userId: user }),
  mute: fc.record({ userId: user, until }),
  link: fc.record({ linkId, expiresAt: until, uses: fc.constantFrom(null, 1, 2) }),
  unlink: fc.record({ linkId }),
  dissolve: nothing,
};
const WEIGHTS: { readonly [N in ChangeName]?: number } = {
  add: 6,
  remove: 4,
  leave: 4,
  join: 4,
  link: 3,
  dissolve: 0.1,
};
const ask = fc.oneof(
  ...Object.entries(DETAILS).map(([name, details]) => ({
    weight: Math.ceil(10 * (WEIGHTS[name as ChangeName] ?? 2)),
    arbitrary: fc.record({ name: fc.constant(name as ChangeName), details: details as fc.Arbitrary<object>, by: user }),
  })),
);
const step = fc.oneof({ weight: 4, arbitrary: ask }, { weight: 1, arbitrary: fc.constant('message' as const) });

function snapshot({ group, members, links, requests, head }: GroupModel) {
  return structuredClone({ group, members, links, requests, head });
}

/** C20: stays follow one another, by position and by id, and only the last may be open. */
function expectStays({ intervals, leftAt }: Member, { head, group }: GroupModel): void {
  expect(intervals.length).toBeGreaterThan(0);
  expect(intervals.length).toBeLessThanOrEqual(MAX_INTERVALS);
  let end = { upTo: 0, upToId: '' };
  for (const [n, { after, afterId, upTo, upToId }] of intervals.entries()) {
    const isLast = n === intervals.length - 1;
    expect([after >= end.upTo, afterId >= end.upToId]).toEqual([true, true]);
    expect([upTo === undefined, upToId === undefined]).toEqual(Array(2).fill(isLast && leftAt === 0));
    end = { upTo: upTo ?? head, upToId: upToId ?? group?.lastMessageId ?? '' };
    expect([end.upTo > after, end.upToId >= afterId, end.upTo <= head]).toEqual([true, true, true]);
  }
}

test('C18, C20: whatever is asked in whatever order, a group stays sound', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new GroupModel();
      model.must('ann', 'create', { ...DEFAULTS, members: ['bob'] });
      for (const one of steps) {
        if (one === 'message') {
          model.post();
          continue;
        }
        const before = snapshot(model);
        const { outcome, group, members, newcomers, notice, told } = model.ask(one.by, one.name, one.details as never);
        const now = model.group ?? expect.fail();
        if (outcome.result !== 'applied') {
          expect(outcome.result).toBe('refused');
          expect(snapshot(model)).toEqual(before);
          expect(told).toEqual([]);
          continue;
        }
        expect(outcome.group).toEqual(now);
        // A notice, another version and changed rows come together, but for who leaves what was dissolved.
        const isUnlisted = (before.group?.dissolvedAt ?? 0) > 0;
        expect([group !== null, now.version]).toEqual([
          notice !== null || isUnlisted,
          (before.group?.version ?? 0) + (notice ? 1 : 0),
        ]);
        if (notice === null) expect(members).toHaveLength(isUnlisted ? 1 : 0);
        else expect(notice.version).toBe(now.version);
        for (const { update } of told) expect(update.version).toBe(now.version);

        const current = model.current();
        const owners = current.filter(({ role }) => role === 'owner').map(({ userId }) => userId);
        if (now.dissolvedAt === 0) expect(owners).toEqual([now.owner]);
        expect(now.memberCount).toBe(current.length);
        if (current.length === 0) expect(now.dissolvedAt).toBeGreaterThan(0);
        expect(current.length).toBeLessThanOrEqual(model.bounds.maxGroupMembers);
        const joined = current.filter(({ userId }) => !isCurrent(before.members.get(userId)));
        expect(newcomers.toSorted()).toEqual(joined.map(({ userId }) => userId).toSorted());
        for (const { userId, update } of told) {
          const role = model.current().find((member) => member.userId === userId)?.role;
          expect(update.role).toBe(role);
        }
        for (const member of model.members.values()) {
          expectStays(member, model);
          if (member.leftAt > 0) expect(member.role).toBe('member');
        }
        for (const userId of model.requests.keys()) expect(isCurrent(model.member(userId))).toBe(false);
        for (const { usesLeft, expiresAt } of model.links.values())
          expect(usesLeft !== 0 || (expiresAt > 0 && expiresAt <= model.now)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('C16: of more stays than are remembered, the oldest are forgotten', () => {
  const model = new GroupModel();
  model.must('ann', 'create', { ...DEFAULTS, members: [] });
  for (let n = 0; n < MAX_INTERVALS + 5; n++) {
    model.must('ann', 'add', { users: ['bob'] });
    model.post();
    model.must('bob', 'leave', {});
  }
  const intervals = model.member('bob')?.intervals ?? [];
  expect(intervals).toHaveLength(MAX_INTERVALS);
  expect(intervals.at(-1)?.upTo).toBe(model.head);
});

const DEFAULTS = { name: 'x', description: '', picture: '', settings: {} };

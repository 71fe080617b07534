import { describe, expect, test } from 'vitest';
import { GroupModel } from '../testing/group-model.ts';
import { team } from '../testing/group-team.ts';
import { concernedBy } from './decide-change.ts';
import type { ChangeDetails, ChangeName } from './group-change.ts';
import { isListed } from './member.ts';

type Ask = { [N in ChangeName]: [N, ChangeDetails[N]] }[ChangeName];
const OK = 'applied';

/** Who may do what: owner, admin, plain member, muted member, stranger. */
const TABLE: readonly [ask: Ask, ...results: [string, string, string, string, string]][] = [
  [['update', { name: 'New' }], OK, OK, OK, 'muted', 'not_a_member'],
  [['update', { settings: { post: 'admins' } }], OK, OK, 'not_allowed', 'not_allowed', 'not_a_member'],
  [['add', { users: ['new'] }], OK, OK, OK, OK, 'not_a_member'],
  [['remove', { users: ['plain2'] }], OK, OK, 'not_allowed', 'not_allowed', 'not_a_member'],
  [['remove', { users: ['admin2'] }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['remove', { users: ['owner'] }], 'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['remove', { users: ['plain2', 'admin2'] }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['leave', {}], 'not_allowed', OK, OK, OK, 'not_a_member'],
  [['approve', { users: ['waiting'] }], OK, OK, 'not_allowed', 'not_allowed', 'not_a_member'],
  [['decline', { users: ['waiting'] }], OK, OK, 'not_allowed', 'not_allowed', 'not_a_member'],
  [['role', { userId: 'plain2', role: 'admin' }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['role', { userId: 'admin2', role: 'member' }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [
    ['role', { userId: 'owner', role: 'member' }],
    ...(['not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'] as const),
  ],
  [
    ['role', { userId: 'new', role: 'admin' }],
    'not_found',
    'not_allowed',
    'not_allowed',
    'not_allowed',
    'not_a_member',
  ],
  [['transfer', { userId: 'plain2' }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['transfer', { userId: 'new' }], 'not_found', 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['mute', { userId: 'plain2', until: 9 }], OK, OK, 'not_allowed', 'not_allowed', 'not_a_member'],
  [['mute', { userId: 'admin2', until: 9 }], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['mute', { userId: 'new', until: 9 }], 'not_found', 'not_found', 'not_allowed', 'not_allowed', 'not_a_member'],
  [['link', { linkId: 'fresh', expiresAt: 0, uses: 1 }], OK, OK, OK, OK, 'not_a_member'],
  [['unlink', { linkId: 'plains' }], OK, OK, OK, 'not_allowed', 'not_a_member'],
  [['join', { linkId: 'plains' }], OK, OK, OK, OK, OK],
  [['join', { linkId: 'none' }], ...(Array(5).fill('link_invalid') as [string, string, string, string, string])],
  [['dissolve', {}], OK, 'not_allowed', 'not_allowed', 'not_allowed', 'not_a_member'],
];

describe.each(TABLE)('who may ask for %j', (ask, ...results) => {
  const askers = ['owner', 'admin', 'plain', 'muted', 'stranger'] as const;
  test.each(askers.map((asker, n) => [asker, results[n]] as const))('%s: %s', (asker, expected) => {
    const group = team();
    group.must('owner', 'add', { users: ['plain2'] });
    group.must('plain', 'link', { linkId: 'plains', expiresAt: 0, uses: null });
    group.must('owner', 'update', { settings: { join: 'approval' } });
    group.must('waiting', 'join', { linkId: 'plains' });
    group.must('owner', 'update', { settings: { join: 'open' } });
    const [name, details] = ask;
    const { outcome } = group.ask(asker, name, details);
    expect(outcome.result === 'refused' ? outcome.code : outcome.result).toBe(expected);
  });
});

test.each(TABLE)(
  'the system may ask for what the owner may, but for what needs a member: %j',
  ([name, details], owner) => {
    const group = team({ add: 'admins', change: 'admins' });
    group.must('owner', 'add', { users: ['plain2'] });
    const { outcome } = group.ask('system', name, details);
    const expected = ['leave', 'join', 'transfer'].includes(name) ? 'not_allowed' : owner;
    expect(outcome.result === 'refused' ? outcome.code : outcome.result).toBe(expected);
    expect(group.member('system')).toBeUndefined();
  },
);

test('the system owns no group', () => {
  const creation = { name: 'x', description: '', picture: '', settings: {}, members: ['ann'] };
  new GroupModel().refuses('system', 'create', creation, 'not_allowed', 'by');
});

describe('settings say who may do what', () => {
  test.each([
    ['add', ['add', { users: ['new'] }]],
    ['add', ['link', { linkId: 'fresh', expiresAt: 0, uses: null }]],
    ['change', ['update', { description: 'new' }]],
  ] as [string, Ask][])('%s: %j is for admins alone', (setting, [name, details]) => {
    const group = team({ [setting]: 'admins' });
    group.refuses('plain', name, details, 'not_allowed', 'conversationId');
    group.must('admin', name, details);
  });

  test('who has half of the groups that they may have is added to more by contacts alone', () => {
    const group = team();
    const byStranger = { users: ['new', 'left'], leftOut: ['left'], strangers: ['new', 'left'] };
    group.inGroups('new', 3);
    const refusal = ['add', byStranger, 'too_many_groups', 'users'] as const;
    expect(group.refuses('plain', ...refusal)).toContain('only their contacts');
    group.inGroups('new', 2);
    group.inGroups('left', 9);
    expect(group.must('plain', 'add', byStranger).outcome).toMatchObject({ users: ['new'] });
  });

  test('a maximum of members is at most the server’s', () => {
    const group = team();
    group.refuses('owner', 'update', { settings: { maxMembers: 11 } }, 'limit_reached', 'settings.maxMembers');
    group.must('owner', 'update', { settings: { maxMembers: 5 } });
    group.refuses('owner', 'add', { users: ['new'] }, 'group_full', 'users');
    const other = new GroupModel();
    const creation = { name: 'x', description: '', picture: '', members: [] };
    const settings = { maxMembers: 11 };
    other.refuses('owner', 'create', { ...creation, settings }, 'limit_reached', 'settings.maxMembers');
  });
});

test('what does not exist, or was dissolved, is not found, whatever is asked of it but to leave it', () => {
  const [nothing, dissolved] = [new GroupModel(), team()];
  dissolved.must('owner', 'dissolve', {});
  const notFound = (group: GroupModel, by: string, [name, details]: Ask) =>
    group.refuses(by, name, details, 'not_found', 'conversationId');
  for (const [ask] of TABLE) {
    notFound(nothing, 'owner', ask);
    notFound(dissolved, ask[0] === 'leave' ? 'stranger' : 'owner', ask);
  }
});

test.each(['owner', 'admin', 'plain', 'muted'])(
  'a dissolved group is left by its %s: it is in no list of theirs, and nobody else is told',
  (userId) => {
    const group = team();
    group.must('owner', 'dissolve', {});
    const { head, group: before } = group;
    // The clock of who leaves may be late.
    group.now -= 500;
    const { outcome, notice, told, members } = group.must(userId, 'leave', {});
    expect([notice, group.head]).toEqual([null, head]);
    expect(outcome).toMatchObject({ users: [userId] });
    expect(told).toMatchObject([{ userId, update: { event: 'unlisted', version: before?.version } }]);
    expect(told[0]?.update.role).toBeUndefined();
    expect(members).toMatchObject([{ userId, role: 'member', intervals: [{ after: 0, upTo: head }] }]);
    expect(group.group).toEqual({ ...before, memberCount: 4 });
    const left = members[0] ?? expect.fail();
    expect(isListed(group.group ?? expect.fail(), left)).toBe(false);
    group.refuses(userId, 'leave', {}, 'not_found', 'conversationId');
    for (const other of group.current()) expect(isListed(group.group ?? expect.fail(), other)).toBe(true);
  },
);

test('who left before a group was dissolved, also as the last, has it in their lists', () => {
  const group = team();
  group.must('plain', 'leave', {});
  group.must('owner', 'remove', { users: ['admin', 'admin2', 'muted'] });
  group.must('owner', 'leave', {});
  for (const member of group.members.values()) expect(isListed(group.group ?? expect.fail(), member)).toBe(true);
});

test('the last who leaves dissolves the group', () => {
  const group = new GroupModel();
  group.must('owner', 'create', { name: 'x', description: '', picture: '', settings: {}, members: ['bob'] });
  group.must('owner', 'transfer', { userId: 'bob' });
  group.must('owner', 'leave', {});
  const { notice, told } = group.must('bob', 'leave', {});
  expect(notice?.notice).toBe('dissolved');
  expect(told.map(({ userId, update }) => [userId, update.event])).toEqual([['bob', 'dissolved']]);
  expect(group.group).toMatchObject({ memberCount: 0, dissolvedAt: expect.any(Number) });
  expect(group.group?.dissolvedAt).toBeGreaterThan(0);
});

test('adding is for all or nobody: a full group, and a user of too many groups, who is named', () => {
  const group = team();
  group.inGroups('busy', 5);
  expect(group.refuses('owner', 'add', { users: ['new', 'busy'] }, 'too_many_groups', 'users')).toMatch(/busy/);
  const many = Array.from({ length: 6 }, (_, n) => `new-${n}`);
  expect(group.refuses('owner', 'add', { users: many }, 'group_full', 'users')).toMatch(/10 members and has 5/);
  expect(group.must('owner', 'add', { users: many.slice(1) }).outcome).toMatchObject({ users: many.slice(1) });
});

test('a mute outlasts leaving, and ends when its member becomes an admin', () => {
  const group = team();
  group.must('muted', 'leave', {});
  group.must('owner', 'add', { users: ['muted'] });
  expect(group.member('muted')?.mutedUntil).toBe(1_000_000);
  group.must('owner', 'role', { userId: 'muted', role: 'admin' });
  expect(group.member('muted')?.mutedUntil).toBe(0);
});

test('a change concerns its asker, who is named in it, and what it uses', () => {
  const none = { linkId: null, admins: false };
  const change = <N extends ChangeName>(name: N, details: ChangeDetails[N]) =>
    concernedBy(new GroupModel().change('ann', name, details));
  const creation = { name: 'x', description: '', picture: '', settings: {} };
  const both = ['ann', 'bob'];
  expect(change('create', { ...creation, members: ['bob', 'ann'] })).toEqual({ ...none, users: both, newcomers: both });
  expect(change('add', { users: ['bob', 'bob'] })).toEqual({ ...none, users: both, newcomers: ['bob'] });
  expect(change('remove', { users: ['bob'] })).toEqual({ ...none, users: both, newcomers: [] });
  expect(change('mute', { userId: 'bob', until: 1 })).toEqual({ ...none, users: both, newcomers: [] });
  const joining = { users: ['ann'], newcomers: ['ann'], linkId: 'l', admins: true };
  expect(change('join', { linkId: 'l' })).toEqual(joining);
  expect(change('unlink', { linkId: 'l' })).toEqual({ ...none, users: ['ann'], newcomers: [], linkId: 'l' });
});

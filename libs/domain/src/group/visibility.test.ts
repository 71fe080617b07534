import { expect, test } from 'vitest';
import { GroupModel } from '../testing/group-model.ts';
import type { Interval, Member } from './member.ts';
import {
  groupAsSeenBy,
  maySeeMessage,
  messageAsSeenBy,
  nextVisible,
  postRefusal,
  visibleIntervals,
} from './visibility.ts';

const model = new GroupModel();
const details = { name: 'x', description: '', picture: '', settings: {}, members: [] };
model.must('ann', 'create', details);
const GROUP = {
  ...(model.group ?? expect.fail()),
  lastMessageId: 'm9',
  lastFrom: 'ann',
  preview: 'hi',
  updatedAt: 900,
};
const SINCE_JOIN = { ...GROUP, settings: { ...GROUP.settings, history: 'since_join' as const } };

/** Was in from 2 to 4, and is in since 6. */
const STAYS: readonly Interval[] = [
  { after: 2, afterId: 'm2', upTo: 4, upToId: 'm3' },
  { after: 6, afterId: 'm5' },
];
const BACK: Member = { ...(model.member('ann') ?? expect.fail()), userId: 'bob', role: 'member', intervals: STAYS };
const GONE: Member = { ...BACK, intervals: STAYS.slice(0, 1), leftAt: 500 };

test('C20: who never was in a group sees nothing; who was sees their stays, or all until their last day', () => {
  expect(visibleIntervals(GROUP, null)).toEqual([]);
  expect(visibleIntervals(GROUP, undefined)).toEqual([]);
  expect(visibleIntervals(SINCE_JOIN, BACK)).toEqual(STAYS);
  expect(visibleIntervals(GROUP, BACK)).toEqual([{ after: 0, afterId: '' }]);
  expect(visibleIntervals(GROUP, GONE)).toEqual([{ after: 0, afterId: '', upTo: 4, upToId: 'm3' }]);
});

test('C20: who left sees no more when the group shows its history later', () => {
  const { name, description, picture, memberCount, version } = GROUP;
  const lastSeen = { name, description, picture, memberCount, version, settings: SINCE_JOIN.settings };
  expect(visibleIntervals(GROUP, { ...GONE, lastSeen })).toEqual(GONE.intervals);
  expect(visibleIntervals(SINCE_JOIN, { ...GONE, lastSeen: { ...lastSeen, settings: GROUP.settings } })).toEqual(
    GONE.intervals,
  );
});

test('C20: messages are seen by id, with the first of a stay excluded and the last included', () => {
  const ids = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm9'];
  const seen = (group: typeof GROUP, member: Member | null) => ids.filter((id) => maySeeMessage(group, member, id));
  expect(seen(SINCE_JOIN, BACK)).toEqual(['m3', 'm6', 'm9']);
  expect(seen(SINCE_JOIN, GONE)).toEqual(['m3']);
  expect(seen(GROUP, GONE)).toEqual(['m1', 'm2', 'm3']);
  expect(seen(GROUP, BACK)).toEqual(ids);
  expect(seen(GROUP, null)).toEqual([]);
  const neverAny = { ...GONE, intervals: [{ after: 0, afterId: '', upTo: 2, upToId: '' }] };
  expect(seen(GROUP, neverAny)).toEqual([]);
});

test('C20: who left does not see what edits wrote since, or so shortly before that clocks may differ', () => {
  const location = { latitude: 1, longitude: 2 };
  const message = (editedAt: number) => ({ content: { text: 'secret', location }, mentions: ['bob'], editedAt });
  const left = { leftAt: 5_000 };
  for (const editedAt of [4_001, 5_000, 9_000]) {
    expect(messageAsSeenBy(left, message(editedAt))).toEqual({ content: { location }, editedAt });
  }
  expect(messageAsSeenBy(left, message(4_000))).toEqual(message(4_000));
  expect(messageAsSeenBy(left, { content: { text: 'as sent' } })).toEqual({ content: { text: 'as sent' } });
  expect(messageAsSeenBy({ leftAt: 0 }, message(9_000))).toEqual(message(9_000));
});

test('C20: a reader goes through the stays and over the gaps between them', () => {
  const next = (after: number) => nextVisible(STAYS, after);
  for (const after of [0, 1, 2]) expect(next(after)).toEqual({ after: 2, upTo: 4 });
  expect(next(3)).toEqual({ after: 3, upTo: 4 });
  for (const after of [4, 5, 6]) expect(next(after)).toEqual({ after: 6 });
  expect(next(9)).toEqual({ after: 9 });
  expect(nextVisible(STAYS.slice(0, 1), 3)).toEqual({ after: 3, upTo: 4 });
  expect(nextVisible(STAYS.slice(0, 1), 4)).toBeNull();
  expect(nextVisible([], 0)).toBeNull();
});

test('C20: a group’s last message is shown to those who may see it', () => {
  expect(groupAsSeenBy(GROUP, BACK)).toEqual(GROUP);
  const hidden = { lastFrom: '', preview: '' };
  expect(groupAsSeenBy(GROUP, GONE)).toEqual({ ...GROUP, ...hidden, lastMessageId: 'm3', updatedAt: 500 });
  const fresh = { ...BACK, intervals: [{ after: 9, afterId: 'm9' }] };
  expect(groupAsSeenBy(SINCE_JOIN, fresh)).toEqual({ ...SINCE_JOIN, ...hidden, lastMessageId: '' });
  expect(groupAsSeenBy(GROUP, fresh)).toEqual(GROUP);
});

test.each<[string, Parameters<typeof postRefusal>, ReturnType<typeof postRefusal>]>([
  ['there is no such group', [null, BACK, { from: 'ann', mentionsAll: false, at: 1 }], 'not_a_member'],
  [
    'it was dissolved',
    [{ ...GROUP, dissolvedAt: 1 }, BACK, { from: 'ann', mentionsAll: false, at: 1 }],
    'not_a_member',
  ],
  ['a stranger', [GROUP, null, { from: 'ann', mentionsAll: false, at: 1 }], 'not_a_member'],
  ['a former member', [GROUP, GONE, { from: 'ann', mentionsAll: false, at: 1 }], 'not_a_member'],
  ['a muted member', [GROUP, { ...BACK, mutedUntil: 10 }, { from: 'ann', mentionsAll: false, at: 9 }], 'muted'],
  [
    'a member whose mute has ended',
    [GROUP, { ...BACK, mutedUntil: 10 }, { from: 'ann', mentionsAll: false, at: 10 }],
    null,
  ],
  ['a member', [GROUP, BACK, { from: 'ann', mentionsAll: false, at: 1 }], null],
  ['a member who mentions all', [GROUP, BACK, { from: 'ann', mentionsAll: true, at: 1 }], 'mentions_all'],
  ['an admin who mentions all', [GROUP, { ...BACK, role: 'admin' }, { from: 'ann', mentionsAll: true, at: 1 }], null],
  ['a member of a channel', [channel(), BACK, { from: 'ann', mentionsAll: false, at: 1 }], 'not_allowed'],
  [
    'a member of a channel who mentions all',
    [channel(), BACK, { from: 'ann', mentionsAll: true, at: 1 }],
    'not_allowed',
  ],
  ['an admin of a channel', [channel(), { ...BACK, role: 'admin' }, { from: 'ann', mentionsAll: false, at: 1 }], null],
  ['the system, in a channel, mentioning all', [channel(), null, { from: 'system', mentionsAll: true, at: 1 }], null],
  ['the system, without a group', [null, null, { from: 'system', mentionsAll: false, at: 1 }], 'not_a_member'],
  [
    'the system, after the end',
    [{ ...GROUP, dissolvedAt: 1 }, null, { from: 'system', mentionsAll: false, at: 1 }],
    'not_a_member',
  ],
])('C18: %s', (_, args, expected) => {
  expect(postRefusal(...args)).toBe(expected);
});

function channel() {
  return { ...GROUP, settings: { ...GROUP.settings, post: 'admins' as const } };
}

import { describe, expect, it } from 'vitest';
import { memberActions } from './member-actions.ts';

const actions = (own: 'owner' | 'admin' | 'member', role: 'owner' | 'admin' | 'member', mutedUntil = 0) =>
  memberActions({ role: own }, { userId: 'bob', role, mutedUntil }, 'ann', 1_000);

describe('what the user may do with a member', () => {
  it('is more, the higher the role: never with the same role or a higher one', () => {
    expect(actions('owner', 'member')).toEqual(['makeAdmin', 'transfer', 'muteHour', 'muteDay', 'remove']);
    expect(actions('owner', 'admin')).toContain('takeAdmin');
    expect(actions('admin', 'member')).toEqual(['muteHour', 'muteDay', 'remove']);
    expect(actions('admin', 'member', 2_000)).toEqual(['unmute', 'remove']);
    expect(actions('admin', 'admin')).toEqual([]);
    expect(actions('admin', 'owner')).toEqual([]);
    expect(actions('member', 'member')).toEqual([]);
  });

  it('is nothing with themselves, and nothing in a dissolved group', () => {
    expect(memberActions({ role: 'owner' }, { userId: 'ann', role: 'member' }, 'ann', 0)).toEqual([]);
    expect(memberActions({ role: 'owner', dissolvedAt: 1 }, { userId: 'bob', role: 'member' }, 'ann', 0)).toEqual([]);
  });
});

import { defaultSettings, type Role } from '@chasqui/domain';
import { describe, expect, it } from 'vitest';
import { postingRefusal } from './posting.ts';

const settings = defaultSettings(100);
const channel = { ...settings, post: 'admins' as const };

describe('whether the user may write in a group', () => {
  it('depends on the membership, a mute, the settings with the role, and whether the group exists', () => {
    const of = (role: Role | undefined, group: Parameters<typeof postingRefusal>[1], mutedUntil = 0) =>
      postingRefusal({ ...(role && { role }), mutedUntil }, group, 1_000);
    expect(of('member', { settings })).toBeUndefined();
    expect(of(undefined, undefined)).toBe('notMember');
    expect(of('member', { settings }, 1_001)).toBe('muted');
    expect(of('member', { settings }, 1_000)).toBeUndefined();
    expect(of('member', { settings: channel })).toBe('onlyAdmins');
    expect(of('admin', { settings: channel })).toBeUndefined();
    expect(of('owner', { settings, dissolvedAt: 1 })).toBe('dissolved');
  });
});

import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Interests } from './interests.ts';
import { TAB_LIMITS } from './limits.ts';

const nothing = { isOnline: false, groups: [], presence: [] };

test('C16: what a tab wants is forgotten when it was silent for long, and of many tabs the ones silent for longest', () => {
  const clock = new ManualClock();
  const interests = new Interests(clock);
  interests.set('gone', { ...nothing, groups: ['team'] });
  interests.set('here', { ...nothing, groups: ['other'] });
  clock.run(TAB_LIMITS.silentMs);
  expect(interests.heard('here')).toBe(false);
  clock.run(1);
  expect(interests.heard('here')).toBe(true);
  expect([...interests.groups]).toEqual(['other']);
  for (let i = 0; i < TAB_LIMITS.maxTabs; i++) interests.set(`tab ${i}`, nothing);
  expect([...interests.groups]).toEqual([]);
});

test('C16: as many users are watched as one session may watch, of each tab the first ones', () => {
  const interests = new Interests(new ManualClock());
  const users = (name: string) => Array.from({ length: 200 }, (_, i) => `${name}${i}`);
  interests.set('a', { ...nothing, presence: users('a') });
  interests.set('b', { ...nothing, presence: users('b') });
  expect(interests.presence).toHaveLength(200);
  expect(interests.presence.slice(0, 4)).toEqual(['a0', 'b0', 'a1', 'b1']);
});

test('nobody wants a session that has ended for good, until somebody says so', () => {
  const interests = new Interests(new ManualClock());
  interests.set('a', { ...nothing, isOnline: true });
  expect(interests.isOnline).toBe(true);
  interests.ended();
  expect(interests.isOnline).toBe(false);
});

import type { UserId } from '@chasqui/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AvatarsStore } from './avatars.ts';

const PATH = `/api/pictures/${'0'.repeat(32)}`;
let asked: UserId[][];
let fails: boolean;
let ending: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  asked = [];
  fails = false;
  ending = new AbortController();
});
afterEach(() => void vi.useRealTimers());

function stage() {
  const avatars = new AvatarsStore(
    {
      async usersNamed(ids) {
        asked.push([...ids]);
        if (fails) throw new Error('away');
        return ids
          .filter((userId) => userId !== 'nobody')
          .map((userId) => ({ userId, displayName: userId, avatar: PATH }));
      },
    },
    ending.signal,
  );
  const heard = vi.fn();
  avatars.subscribe(heard);
  return { avatars, heard };
}

test('those who are shown are asked for together, each once, and again after minutes', async () => {
  const { avatars, heard } = stage();
  for (const userId of ['ann', 'bob', 'ann', '', 'nobody']) avatars.want(userId);
  expect(avatars.of('ann')).toBe('');
  await vi.advanceTimersByTimeAsync(60);
  expect([asked, heard.mock.calls.length]).toEqual([[['ann', 'bob', 'nobody']], 1]);
  expect(['ann', 'nobody'].map((userId) => avatars.of(userId))).toEqual([PATH, '']);
  for (const userId of ['ann', 'nobody']) avatars.want(userId);
  await vi.advanceTimersByTimeAsync(5 * 60_000 + 1);
  expect(asked).toHaveLength(1);
  avatars.want('ann');
  await vi.advanceTimersByTimeAsync(60);
  expect(asked.slice(1)).toEqual([['ann']]);
});

test('many are asked for in several calls; a failed one is made again when somebody is shown again', async () => {
  const { avatars } = stage();
  fails = true;
  for (let i = 0; i < 70; i++) avatars.want(`u${i}`);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.map((ids) => ids.length)).toEqual([50, 20]);
  fails = false;
  avatars.want('u3');
  await vi.advanceTimersByTimeAsync(60);
  expect(avatars.of('u3')).toBe(PATH);
});

test('a change of the user is shown at once, and nothing is asked for after the end', async () => {
  const { avatars, heard } = stage();
  avatars.put('me', PATH);
  expect([avatars.of('me'), heard.mock.calls.length]).toEqual([PATH, 1]);
  avatars.want('ann');
  ending.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([]);
});

import { expect, test, vi } from 'vitest';
import { ResumingPlayer } from './resuming-player.ts';

const element = (currentTime: number, paused = false, code = 2) => ({
  currentTime,
  paused,
  error: { code },
  play: vi.fn(async () => undefined),
});

test('goes on where it was, playing if it was playing', () => {
  const player = new ResumingPlayer();
  expect(player.mayGoOn(element(70))).toBe(true);
  const next = element(0, true);
  player.goOn(next);
  expect([next.currentTime, next.play.mock.calls.length]).toEqual([70, 1]);
  expect(player.mayGoOn(element(90, true))).toBe(true);
  const paused = element(0, true);
  player.goOn(paused);
  expect([paused.currentTime, paused.play.mock.calls.length]).toEqual([90, 0]);
});

test('the first address plays from the start, as the element says', () => {
  const first = element(0, true);
  new ResumingPlayer().goOn(first);
  expect([first.currentTime, first.play.mock.calls.length]).toEqual([0, 0]);
});

test('gives up when addresses play nothing, and at once what cannot be decoded', () => {
  const player = new ResumingPlayer();
  expect([1, 2, 3].map(() => player.mayGoOn(element(0)))).toEqual([true, true, false]);
  expect(new ResumingPlayer().mayGoOn(element(0, false, 3))).toBe(false);
  const long = new ResumingPlayer();
  expect([10, 20, 30, 40, 50].map((at) => long.mayGoOn(element(at)))).toEqual([true, true, true, true, true]);
});

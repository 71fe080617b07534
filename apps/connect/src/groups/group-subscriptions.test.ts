import { createManualClock } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { GroupSubscriptions } from './group-subscriptions.ts';

function stage() {
  const clock = createManualClock();
  /** By group: the end of its hour. */
  const kept = new Map<string, number>();
  const late: string[] = [];
  const calls: string[][] = [];
  const state = { away: false, idle: Promise.resolve() };
  const subject = new GroupSubscriptions({
    nodeId: 'n1',
    clock,
    logger: silentLogger,
    late: (group) => late.push(group),
    groupNodes: {
      async subscribe(_nodeId, groups) {
        await state.idle;
        if (state.away) throw new Error('away');
        calls.push([...groups]);
        for (const group of groups) kept.set(group, clock.monotonic() + 3_600_000);
      },
      async unsubscribe(_nodeId, groups) {
        await state.idle;
        for (const group of groups) kept.delete(group);
      },
    },
  });
  const subscribed = (...groups: string[]) => groups.map((group) => (kept.get(group) ?? 0) > clock.monotonic());
  return { clock, subject, state, late, calls, subscribed };
}

test('a group is subscribed from its first call to its last, in few calls', async () => {
  const { subject, subscribed, calls, clock } = stage();
  await Promise.all([subject.add(['a', 'b']), subject.add(['c'])]);
  expect(subscribed('a', 'b', 'c', 'd')).toEqual([true, true, true, false]);
  expect(calls).toEqual([['a', 'b', 'c']]);
  void subject.remove(['a', 'b']);
  void subject.add(['b']);
  await clock.advance(0);
  expect(subscribed('a', 'b', 'c')).toEqual([false, true, true]);
});

test('the engine is not called for groups that it has just taken, and is for those that it may not have', async () => {
  const { subject, calls, clock } = stage();
  await subject.add(['a', 'b']);
  await subject.add(['b', 'c', 'a']);
  expect(calls).toEqual([['a', 'b'], ['c']]);
  await subject.remove(['a']);
  await subject.add(['a', 'b']);
  expect(calls.slice(2)).toEqual([['a']]);
  await clock.advance(60_000);
  await subject.add(['b']);
  expect(calls.slice(3)).toEqual([['b']]);
});

test('a group of which a call is under way counts as subscribed only when that has ended', async () => {
  const { subject, subscribed, state, clock } = stage();
  await subject.add(['a']);
  const engine = Promise.withResolvers<void>();
  state.idle = engine.promise;
  void subject.remove(['a']);
  void subject.add(['a']);
  let isSubscribed = false;
  const added = subject.add(['a']).then(() => {
    isSubscribed = true;
  });
  await clock.advance(0);
  expect(isSubscribed).toBe(false);
  engine.resolve();
  await added;
  expect(subscribed('a')).toEqual([true]);
});

test('C16: the groups of a call are subscribed in pieces that the engine takes', async () => {
  const { subject, calls } = stage();
  await subject.add(Array.from({ length: 1_200 }, (_, n) => `g${n}`));
  expect(calls.map(({ length }) => length)).toEqual([500, 500, 200]);
});

test('C11: what the engine did not take is repeated, and then the group’s sessions are told to sync', async () => {
  const { subject, subscribed, state, late, clock } = stage();
  state.away = true;
  await subject.add(['a']);
  subject.sweep();
  await clock.advance(0);
  expect(late).toEqual([]);
  state.away = false;
  subject.sweep();
  await clock.advance(0);
  expect([subscribed('a'), late]).toEqual([[true], ['a']]);
  subject.sweep();
  await clock.advance(0);
  expect(late).toEqual(['a']);
});

test('a subscription outlives the hour that engines keep it; an emptied engine gets all again', async () => {
  const { subject, subscribed, calls, clock } = stage();
  await subject.add(['a']);
  for (let minute = 0; minute < 90; minute++) {
    await clock.advance(60_000);
    subject.sweep();
  }
  await clock.advance(0);
  expect(subscribed('a')).toEqual([true]);
  expect(calls.length).toBeLessThan(7);
  const before = calls.length;
  await subject.again();
  expect(calls.slice(before)).toEqual([['a']]);
});

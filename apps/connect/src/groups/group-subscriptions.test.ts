import { createManualClock } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import { createMemoryGroupNodes } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { GroupSubscriptions } from './group-subscriptions.ts';

function stage() {
  const clock = createManualClock();
  const engine = createMemoryGroupNodes({ clock });
  const late: string[] = [];
  const calls: string[][] = [];
  const state = { away: false };
  const subject = new GroupSubscriptions({
    nodeId: 'n1',
    clock,
    logger: silentLogger,
    late: (group) => late.push(group),
    groupNodes: {
      async subscribe(nodeId, groups) {
        if (state.away) throw new Error('away');
        calls.push([...groups]);
        await engine.subscribe(nodeId, groups);
      },
      unsubscribe: (nodeId, groups) => engine.unsubscribe(nodeId, groups),
    },
  });
  const subscribed = async (...groups: string[]) => (await engine.nodesOf(groups)).map(({ length }) => length === 1);
  return { clock, subject, state, late, calls, subscribed };
}

test('a group is subscribed from its first call to its last, in few calls', async () => {
  const { subject, subscribed, calls, clock } = stage();
  await Promise.all([subject.add(['a', 'b']), subject.add(['c'])]);
  expect(await subscribed('a', 'b', 'c', 'd')).toEqual([true, true, true, false]);
  expect(calls).toEqual([['a', 'b', 'c']]);
  subject.remove('a');
  subject.remove('b');
  void subject.add(['b']);
  await clock.advance(0);
  expect(await subscribed('a', 'b', 'c')).toEqual([false, true, true]);
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
  expect([await subscribed('a'), late]).toEqual([[true], ['a']]);
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
  expect(await subscribed('a')).toEqual([true]);
  expect(calls.length).toBeLessThan(7);
  const before = calls.length;
  await subject.again();
  expect(calls.slice(before)).toEqual([['a']]);
});

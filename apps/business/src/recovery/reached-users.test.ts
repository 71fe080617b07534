import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { ReachedUsers } from './reached-users.ts';

const on = (userId: string, upTo: number, ...nodeIds: string[]) => ({ userId, upTo, nodeIds });

test('C9: users are looked at once, a while after they were last reached at about the same time', async () => {
  const clock = createManualClock();
  const reached = new ReachedUsers({ clock, waitMs: 100 });
  reached.add(on('ann', 1, 'n1'));
  await clock.advance(60);
  reached.add(on('ben', 1, 'n1'));
  reached.add(on('ann', 3, 'n1', 'n2'));
  await clock.advance(99);
  expect(reached.due()).toEqual([]);
  await clock.advance(1);
  expect(reached.due()).toEqual([on('ben', 1, 'n1'), on('ann', 3, 'n1', 'n2')]);
  expect(reached.due()).toEqual([]);
});

test('C9: later deliveries do not postpone a look, and wait for their own', async () => {
  const clock = createManualClock();
  const reached = new ReachedUsers({ clock, waitMs: 20_000 });
  reached.add(on('ann', 1, 'n1'));
  await clock.advance(1_000);
  reached.add(on('ann', 2, 'n1'));
  await clock.advance(14_000);
  reached.add(on('ann', 3, 'n2'));
  await clock.advance(5_999);
  expect(reached.due()).toEqual([]);
  await clock.advance(1);
  expect(reached.due()).toEqual([on('ann', 2, 'n1')]);
  await clock.advance(13_999);
  expect(reached.due()).toEqual([]);
  await clock.advance(1);
  expect(reached.due()).toEqual([on('ann', 3, 'n2')]);
});

test('C16: the oldest are forgotten beyond the bound, of users and of the nodes of one', async () => {
  const clock = createManualClock();
  const reached = new ReachedUsers({ clock, waitMs: 100 });
  for (let n = 0; n <= 200_000; n++) reached.add(on(`u${n}`, 1, 'n1'));
  for (let n = 2; n <= 20; n++) reached.add(on('u7', 1, `n${n}`));
  await clock.advance(100);
  const due = reached.due();
  expect([due.length, due[0]?.userId]).toEqual([200_000, 'u1']);
  expect(due.at(-1)).toEqual(on('u7', 1, 'n13', 'n14', 'n15', 'n16', 'n17', 'n18', 'n19', 'n20'));
});

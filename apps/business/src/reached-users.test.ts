import { createManualClock } from '@chasqui/ports/contracts';
import { expect, test } from 'vitest';
import { ReachedUsers } from './reached-users.ts';

test('C9: users are looked at once, a while after they were last reached', async () => {
  const clock = createManualClock();
  const reached = new ReachedUsers({ clock, waitMs: 100 });
  reached.add('ann');
  await clock.advance(60);
  reached.add('ben');
  reached.add('ann');
  await clock.advance(99);
  expect(reached.due()).toEqual([]);
  await clock.advance(1);
  expect(reached.due()).toEqual(['ben', 'ann']);
  expect(reached.due()).toEqual([]);
});

test('C16: the oldest are forgotten beyond the bound', async () => {
  const clock = createManualClock();
  const reached = new ReachedUsers({ clock, waitMs: 100 });
  for (let n = 0; n <= 200_000; n++) reached.add(`u${n}`);
  await clock.advance(100);
  const due = reached.due();
  expect([due.length, due[0]]).toEqual([200_000, 'u1']);
});

import { expect, test } from 'vitest';
import { framesOf, groupWorld, TEAM } from './group-world.ts';

test('the first page of groups has what changed since the cursor, newest first, and the next page follows from it', async () => {
  const world = await groupWorld();
  for (const id of ['g1', 'g2', 'g3']) {
    await world.change('create', 'ann', TEAM, id);
    await world.clock.advance(100_000);
  }
  const bob = await world.login('bob');
  const [first] = framesOf(bob, 'groups');
  expect(first?.groups.map(({ conversationId }) => conversationId)).toEqual(['g3', 'g2', 'g1']);
  const newest = first?.groups[0]?.updatedAt ?? 0;
  // Not later than a minute before: the clocks of those who store may differ.
  expect(first).toMatchObject({ cursor: newest - 60_000 });
  expect(first).not.toHaveProperty('before');
  const asked = async (fields: object) => {
    bob.write({ type: 'groups', ...fields });
    await world.clock.advance(5);
    return framesOf(bob, 'groups').at(-1);
  };
  const page = await asked({ limit: 2, ref: 'r1' });
  expect(page?.groups.map(({ conversationId }) => conversationId)).toEqual(['g3', 'g2']);
  expect(page?.ref).toBe('r1');
  const rest = await asked({ limit: 2, ...(page?.before === undefined ? {} : { before: page.before }) });
  expect(rest?.groups.map(({ conversationId }) => conversationId)).toEqual(['g1']);
  expect(rest).not.toHaveProperty('before');
  expect((await asked({ since: newest }))?.groups.map(({ conversationId }) => conversationId)).toEqual(['g3']);
  expect(await asked({ since: newest + 1 })).toMatchObject({ groups: [], cursor: newest + 1 });
});

test('a cursor is never ahead of the clock, though a message was sent by a node whose clock was', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  await world.store('ann', 'from the future', { sentAt: world.clock.now() + 1_200_000 });
  const bob = await world.login('bob');
  expect(framesOf(bob, 'groups')[0]?.cursor).toBeLessThanOrEqual(world.clock.now() - 60_000);
});

test('C23: a session that asks for its groups in a loop reads one page at a time, and pays for it before', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const bob = await world.login('bob');
  const first = framesOf(bob, 'groups').length;
  for (let i = 0; i < 50; i++) bob.write({ type: 'groups', ref: `r${i}` });
  await world.clock.advance(5);
  expect(framesOf(bob, 'groups').slice(first)).toMatchObject([{ ref: 'r0' }]);
  const refused = framesOf(bob, 'error');
  expect(refused).toHaveLength(49);
  expect(refused.at(-1)).toMatchObject({ code: 'too_fast', retry: 'backoff', ref: 'r49' });
  bob.write({ type: 'groups', ref: 'again' });
  await world.clock.advance(5);
  expect(framesOf(bob, 'groups').at(-1)).toMatchObject({ ref: 'again' });
});

import { encodeMessage } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { framesOf, type GroupWorld, groupWorld } from './group-world.ts';
import type { MemoryConnection } from './memory-node.ts';

type Page = ServerFrameOf<'log_updates'>;
const TEAM = { name: 'Team', description: '', picture: '', settings: {}, members: ['cid'] };

/** One `sync` and its answer: a page, or the code of an error. */
async function sync(
  { clock }: GroupWorld,
  device: MemoryConnection,
  position: number,
  fields: object = {},
): Promise<Page | string> {
  const before = device.frames.length;
  device.write({ type: 'sync', conversationId: 'team', position, ...fields });
  await clock.advance(5);
  for (const frame of device.frames.slice(before)) {
    if (frame.type === 'log_updates') return frame;
    if (frame.type === 'error') return frame.code;
  }
  throw new Error('no answer');
}

async function pages(world: GroupWorld, device: MemoryConnection, start: number, limit: number): Promise<Page[]> {
  const all: Page[] = [];
  for (let position = start; ; ) {
    const page = await sync(world, device, position, { limit });
    if (typeof page === 'string') throw new Error(page);
    all.push(page);
    if (page.caughtUp) return all;
    expect(page.position).toBeGreaterThan(position);
    position = page.position;
  }
}

const textsOf = (all: readonly Page[]) =>
  all.flatMap(({ updates }) => updates.flatMap((update) => (update.type === 'chat' ? [update.content?.text] : [])));

test('C20: pages of a log show a member exactly their stays, or all up to the end of the last, from any position', async () => {
  const step = fc.constantFrom('post', 'post', 'post', 'move');
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.constantFrom('all' as const, 'since_join' as const),
      fc.integer({ min: 1, max: 6 }),
      async (steps, history, limit) => {
        const world = await groupWorld();
        await world.change('create', 'ann', { ...TEAM, settings: { history } });
        let isIn = false;
        let hasBeenIn = false;
        const posts: { text: string; wasIn: boolean; position: number }[] = [];
        for (const [n, name] of steps.entries()) {
          if (name === 'move') {
            await (isIn
              ? world.change('remove', 'ann', { users: ['bob'] })
              : world.change('add', 'ann', { users: ['bob'] }));
            isIn = !isIn;
            hasBeenIn = true;
          } else {
            await world.store('ann', `${n}`);
            const { head } = await world.logs.page('~team', 0, 1);
            posts.push({ text: `${n}`, wasIn: isIn, position: head });
          }
        }
        const bob = await world.login('bob');
        if (!hasBeenIn) {
          expect(await sync(world, bob, 0)).toBe('not_a_member');
          return;
        }
        const leftAt = isIn ? Number.POSITIVE_INFINITY : await endOfStay(world);
        const shown = posts.filter(({ wasIn, position }) => (history === 'since_join' ? wasIn : position <= leftAt));
        const all = await pages(world, bob, 0, limit);
        expect(textsOf(all)).toEqual(shown.map(({ text }) => text));
        for (const page of all) expect(page.updates.length).toBeLessThanOrEqual(limit);
        // From the middle the rest follows.
        const [first] = all;
        if (first !== undefined && !first.caughtUp) {
          const rest = await pages(world, bob, first.position, limit);
          expect(textsOf([first, ...rest])).toEqual(textsOf(all));
        }
      },
    ),
    { numRuns: 40 },
  );
});

async function endOfStay({ groups }: GroupWorld): Promise<number> {
  const [member] = await groups.members([{ conversationId: 'team', userId: 'bob' }]);
  return member?.intervals.at(-1)?.upTo ?? 0;
}

test('C10: a position that the group’s log does not have is reset, for the device that claims it alone', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  for (const text of ['a', 'b', 'c']) await world.store('ann', text);
  const cid = await world.login('cid');
  const first = await sync(world, cid, 0);
  if (typeof first === 'string') throw new Error(first);
  expect([first.reset, textsOf([first]), first.caughtUp]).toEqual([undefined, ['a', 'b', 'c'], true]);
  const { epoch, position: head } = first;
  expect(await sync(world, cid, head, { epoch })).toMatchObject({ updates: [], position: head, caughtUp: true });
  for (const [position, of] of [
    [head + 5, epoch],
    [2, 'of another store'],
  ] as const) {
    const page = await sync(world, cid, position, { epoch: of });
    expect(page).toMatchObject({ reset: true, epoch });
    expect(textsOf([page as Page])).toEqual(['a', 'b', 'c']);
  }
  const page = world.logs.page.bind(world.logs);
  world.logs.page = async (log, after, limit) => ({ ...(await page(log, Math.max(after, 2), limit)), floor: 2 });
  expect(await sync(world, cid, 1, { epoch })).toMatchObject({ reset: true, position: head });
  expect(textsOf([(await sync(world, cid, 1, { epoch })) as Page])).toEqual(['b', 'c']);
});

test('C10: a page ends before a message whose text is still being stored, and shows recalls', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const cid = await world.login('cid');
  const first = await world.store('ann', 'a');
  const second = await world.store('ann', 'b', {}, false);
  const recall = { action: 'recall', by: 'ann', at: 1, revision: 1 } as const;
  await world.conversations.act([
    { ...recall, conversationId: 'team', messageId: first.messageId, audience: ['~team'] },
  ]);
  await world.messages.apply([{ ...first, action: recall, node: 'n1' }]);
  const before = (await sync(world, cid, 0)) as Page;
  expect([before.updates.map(({ type }) => type), before.caughtUp]).toEqual([['notice', 'chat'], false]);
  await world.messages.put([{ ...encodeMessage(second), steps: [] }]);
  const after = (await sync(world, cid, 0)) as Page;
  expect([after.updates.map(({ type }) => type), after.caughtUp]).toEqual([['notice', 'chat', 'chat', 'recall'], true]);
  expect(after.updates[1]).toHaveProperty('recalledAt');
});

test('C16: one page of a log at a time, beside one of the inbox', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const cid = await world.login('cid');
  for (const n of [1, 2]) cid.write({ type: 'sync', conversationId: 'team', position: 0, ref: `g${n}` });
  cid.write({ type: 'sync_offline_messages', position: 0, ref: 'inbox' });
  await world.clock.advance(5);
  expect(framesOf(cid, 'error')).toMatchObject([{ code: 'too_fast', ref: 'g2' }]);
  expect(framesOf(cid, 'log_updates')).toMatchObject([{ ref: 'g1' }]);
  expect(framesOf(cid, 'offline_messages')).toMatchObject([{ ref: 'inbox' }]);
});

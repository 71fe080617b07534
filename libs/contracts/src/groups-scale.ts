import { expect, test } from 'vitest';
import { ANN, type GroupsHarness, groupsFixture } from './groups-fixture.ts';

const MEMBERS = 5_000;
const ROUNDS = 20;
const BOTH = ['small', 'large'];
/** Times on a busy machine differ; what costs per member would cost several hundred times as much. */
const FACTOR = 8;
const SLACK_MS = 2;

/** What a group of many members costs. */
export function scaleTests(harness: GroupsHarness): void {
  const { store, changeOf, offer, head, read } = groupsFixture(harness);
  const bounds = { maxGroupMembers: 100_000, maxGroupsPerUser: 20 };
  const apply = async (...change: Parameters<typeof changeOf>) => {
    const { outcome } = await store().apply(changeOf(...change), bounds);
    expect(outcome).toMatchObject({ result: 'applied' });
  };

  async function createOf(conversationId: string, members: number): Promise<void> {
    await apply('create', { name: 'G', description: '', picture: '', settings: {}, members: [] }, { conversationId });
    for (let n = 1; n < members; n += 500) {
      const users = Array.from({ length: Math.min(500, members - n) }, (_, at) => `${conversationId}-${n + at}`);
      await apply('add', { users }, { conversationId });
    }
    expect((await store().groups([conversationId]))[0]?.memberCount).toBe(members);
  }

  /** The median durations of a call in both groups, by turns, so that the machine is as busy for both: ms. */
  async function medians(call: (conversationId: string, round: number) => Promise<unknown>): Promise<number[]> {
    const times = new Map<string, number[]>(BOTH.map((conversationId) => [conversationId, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [conversationId, taken] of times) {
        const start = performance.now();
        await call(conversationId, round);
        taken.push(performance.now() - start);
      }
    }
    return [...times.values()].map((taken) => taken.sort((a, b) => a - b)[ROUNDS / 2] ?? 0);
  }

  test('C19, C21: Synapse, open-im-server: in a group of 5,000 everything costs as in one of 5', async () => {
    await createOf('small', 5);
    await createOf('large', MEMBERS);
    const ids = new Map<string, string>();
    const costs = {
      send: await medians(async (conversationId, round) => {
        const { messageId } = await offer(ANN, { conversationId, mentions: 'all' });
        ids.set(`${conversationId} ${round}`, messageId);
      }),
      count: await medians((conversationId) => head(`${conversationId}-3`, conversationId)),
      read: await medians((conversationId, round) =>
        read(`${conversationId}-2`, ids.get(`${conversationId} ${round}`) ?? '', 1, conversationId),
      ),
      add: await medians((conversationId, round) => apply('add', { users: [`more-${round}`] }, { conversationId })),
      leave: await medians((conversationId, round) => apply('leave', {}, { conversationId, by: `more-${round}` })),
    };
    const dear = Object.entries(costs).filter(([, [small = 0, large = 0]]) => large > FACTOR * small + SLACK_MS);
    expect(dear).toEqual([]);
    const [last] = await store().headsOf([{ conversationId: 'large', userId: 'large-4999' }]);
    expect(last).toMatchObject({ unread: ROUNDS, mentions: ROUNDS });
  });
}

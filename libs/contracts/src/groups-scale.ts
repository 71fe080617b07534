import { expect, test } from 'vitest';
import { ANN, type GroupsHarness, groupsFixture } from './groups-fixture.ts';

const MEMBERS = 5_000;
const ROUNDS = 20;
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

  /** The median duration of a call, ms: a pause of the machine does not count. */
  async function medianOf(call: (round: number) => Promise<unknown>): Promise<number> {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await call(round);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
  }

  /** Of a message that mentions all, an addition, a look at a member's counts, a read, and a leave. */
  async function costsIn(conversationId: string): Promise<number[]> {
    const ids: string[] = [];
    return [
      await medianOf(async () => ids.push((await offer(ANN, { conversationId, mentions: 'all' })).messageId)),
      await medianOf((round) => apply('add', { users: [`more-${round}`] }, { conversationId })),
      await medianOf(() => head(`${conversationId}-3`, conversationId)),
      await medianOf((round) => read(`${conversationId}-2`, ids[round] ?? '', 1, conversationId)),
      await medianOf((round) => apply('leave', {}, { conversationId, by: `more-${round}` })),
    ];
  }

  test('C19, C21: Synapse, open-im-server: in a group of 5,000 everything costs as in one of 5', async () => {
    await createOf('small', 5);
    await createOf('large', MEMBERS);
    await costsIn('small');
    const [small, large] = [await costsIn('small'), await costsIn('large')];
    expect(large.map((ms, n) => ms <= FACTOR * (small[n] ?? 0) + SLACK_MS)).toEqual(Array(5).fill(true));
    const [last] = await store().headsOf([{ conversationId: 'large', userId: 'large-4999' }]);
    expect(last).toMatchObject({ unread: ROUNDS, mentions: ROUNDS });
  });
}

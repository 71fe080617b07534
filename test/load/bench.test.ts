import { checkInboxes, LOAD_STAGES, LoadCrowd, type LoadMode, runLoad } from '@chasqui/app-cli/load';
import { directConversation } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { startTestCluster } from '../cluster/cluster.ts';

const PAIRS = 4;

async function storedMessages({ running }: TestCluster, { pairs }: LoadCrowd): Promise<number> {
  const counts = pairs.map(async ({ sender, receiver }) => {
    const conversationId = directConversation(sender.userId, receiver.userId);
    const page = await running.engines.messages.page(conversationId, { limit: 10_000 });
    return page.length;
  });
  return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
}

describe('the load client counts truthfully', () => {
  test.each<LoadMode>([
    { kind: 'open', rate: 100 },
    { kind: 'closed', inFlight: 2 },
  ])('%o', async (mode) => {
    await using cluster = await startTestCluster();
    const target = { nodes: cluster.running.connect.map(({ wsUrl }) => wsUrl), token: cluster.token };
    using crowd = await LoadCrowd.open(target, { name: 'load', pairs: PAIRS });
    const result = await runLoad(crowd, { mode, seconds: 1, stages: LOAD_STAGES });
    const { tally } = result;
    expect(tally.sent).toBeGreaterThanOrEqual(mode.kind === 'open' ? mode.rate : PAIRS * mode.inFlight);
    expect({ done: tally.done, unfinished: result.unfinished }).toEqual({ done: tally.sent, unfinished: 0 });
    expect(LOAD_STAGES.map((stage) => tally.latency[stage].count)).toEqual(LOAD_STAGES.map(() => tally.sent));
    expect(await storedMessages(cluster, crowd)).toBe(tally.sent);
    expect(await checkInboxes(target, crowd, result)).toEqual({ found: tally.sent, missing: 0, twice: 0 });
  });
});

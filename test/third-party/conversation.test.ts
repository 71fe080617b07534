import { describe, it } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { holdConversation } from './conversation.ts';

describe('a real conversation by a client that this project did not write', () => {
  it('C3, C5, C6, C7, C10, C13: arrives once and in order across nodes and an absence, and is found', async () => {
    await using cluster = await startTestCluster();
    await holdConversation(cluster);
  }, 120_000);
});

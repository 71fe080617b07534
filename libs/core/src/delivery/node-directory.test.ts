import { createManualClock } from '@chasqui/contracts';
import type { NodeInfo } from '@chasqui/domain';
import type { NodeRegistry } from '@chasqui/ports';
import { describe, expect, it } from 'vitest';
import { NodeDirectory } from './node-directory.ts';

const nodeInfo = (nodeId: string): NodeInfo => ({
  nodeId,
  wsUrl: '',
  peerAddress: nodeId,
  connections: 0,
  draining: false,
  startedAt: 0,
});

function stage() {
  const clock = createManualClock();
  const nodes = [nodeInfo('n1')];
  const seen = { reads: 0, away: false };
  const live = async () => {
    seen.reads++;
    if (seen.away) throw new Error('away');
    return [...nodes];
  };
  return {
    clock,
    nodes,
    seen,
    directory: new NodeDirectory({ registry: { live } as Partial<NodeRegistry> as NodeRegistry, clock }),
  };
}

describe('the node directory', () => {
  it('finds a node that came after the list was read', async () => {
    const { clock, nodes, directory } = stage();
    await directory.find('n1');
    nodes.push(nodeInfo('n2'));
    await clock.advance(100);
    expect((await directory.find('n2'))?.nodeId).toBe('n2');
  });

  it('C16: looks for a node that is gone ten times a second at most, and reads for known ones once a second', async () => {
    const { clock, seen, directory } = stage();
    for (let ms = 0; ms < 1_000; ms += 10) {
      await directory.find('gone');
      await clock.advance(10);
    }
    expect(seen.reads).toBe(10);
    await clock.advance(1_000);
    seen.reads = 0;
    for (let ms = 0; ms < 1_000; ms += 10) {
      await directory.find('n1');
      await clock.advance(10);
    }
    expect(seen.reads).toBe(1);
  });

  it('keeps the last list while the registry is away', async () => {
    const { clock, seen, directory } = stage();
    await directory.all();
    seen.away = true;
    await clock.advance(5_000);
    expect((await directory.all()).map(({ nodeId }) => nodeId)).toEqual(['n1']);
  });
});

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../journeys/devices.ts';
import { MemoryConnection, memoryNode } from './memory-node.ts';

const queued = ({ frames }: MemoryConnection) =>
  frames.flatMap((frame) => (frame.type === 'send_ack' ? [frame.clientMessageId] : []));

/** A node whose block store answers queries about `slow` only on request. */
async function nodeWithSlowBlocks() {
  const release: (() => void)[] = [];
  const node = memoryNode({
    blocks: {
      blocked: async (pairs) => {
        if (pairs.some(({ userId }) => userId === 'slow')) await new Promise<void>((resolve) => release.push(resolve));
        return pairs.map(() => false);
      },
    },
  });
  await node.start();
  const ann = await MemoryConnection.loggedIn(node, 'ann');
  const send = (to: string, ...ids: string[]) => {
    for (const clientMessageId of ids) ann.write({ type: 'chat', clientMessageId, to, content: { text: 'hi' } });
  };
  send('ben', 'known');
  await until(() => queued(ann).length === 1, 'the block list knows of ben');
  return { node, ann, send, release };
}

describe('a message whose receiver may block its sender', () => {
  it('C5: waits for the answer with those behind it, in order, and holds up no other conversation', async () => {
    const { node, ann, send, release } = await nodeWithSlowBlocks();
    send('slow', 's1', 's2');
    send('ben', 'b1');
    await until(() => queued(ann).includes('b1'), 'the other conversation');
    send('slow', 's3');
    for (let n = 0; n < 5; n++) await turn();
    expect(queued(ann)).toEqual(['known', 'b1']);
    for (const go of release) go();
    await until(() => queued(ann).length === 5, 'all');
    expect(queued(ann)).toEqual(['known', 'b1', 's1', 's2', 's3']);
    await node[Symbol.asyncDispose]();
  });

  it('C14: is answered before a draining node closes its connection', async () => {
    const { node, ann, send, release } = await nodeWithSlowBlocks();
    send('slow', 's1');
    await until(() => release.length === 1, 'the question');
    const drained = node[Symbol.asyncDispose]();
    for (let n = 0; n < 10; n++) await turn();
    expect(ann.closeCode).toBeUndefined();
    for (const go of release) go();
    await drained;
    expect(queued(ann)).toEqual(['known', 's1']);
  });
});

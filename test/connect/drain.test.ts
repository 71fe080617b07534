import { setImmediate as turn } from 'node:timers/promises';
import { CLOSE_CODES } from '@chasqui/protocol';
import { describe, expect, it } from 'vitest';
import { MemoryConnection, memoryNode } from './memory-node.ts';

describe('a Connect node that drains', () => {
  it('C14: answers what it had accepted, wherever that was on its way, before it closes connections', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const node = memoryNode({
      dedupHints: {
        claim: async (claims) => {
          await held;
          return [...claims];
        },
      },
    });
    await node.start();
    const ann = await MemoryConnection.loggedIn(node, 'ann');
    for (const n of [1, 2, 3])
      ann.write({ type: 'chat', clientMessageId: `m${n}`, to: 'ben', content: { text: 'hi' } });
    await turn();
    const drained = node[Symbol.asyncDispose]();
    for (let n = 0; n < 10; n++) await turn();
    expect(ann.closeCode).toBeUndefined();
    ann.write({ type: 'chat', clientMessageId: 'm4', to: 'ben', content: { text: 'hi' } });
    release();
    await drained;
    const answers = ann.frames.flatMap((frame) => {
      if (frame.type === 'send_ack') return [[frame.clientMessageId, 'queued']];
      return frame.type === 'error' ? [[frame.ref, frame.code]] : [];
    });
    expect(answers).toEqual([
      ['m4', 'node_draining'],
      ['m1', 'queued'],
      ['m2', 'queued'],
      ['m3', 'queued'],
    ]);
    expect(ann.closeCode).toBe(CLOSE_CODES.node_draining);
  });
});

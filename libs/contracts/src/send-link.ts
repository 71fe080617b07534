import type { Clock, NodeInfo } from '@chasqui/domain';
import type { SendHandler, SendLink, SendOutcome, ServerMessage } from '@chasqui/ports';
import { afterEach, describe, expect, test } from 'vitest';

type Target = Pick<NodeInfo, 'nodeId' | 'peerAddress'>;

export interface SendWorld extends AsyncDisposable {
  link: SendLink;
  startNode(nodeId: string, handler: SendHandler | undefined): Promise<Target & AsyncDisposable>;
  clock: Clock;
  deadlineMs: number;
}

export interface SendHarness {
  create(): Promise<SendWorld>;
}

const messageOf = (n: number, fields: Partial<ServerMessage> = {}): ServerMessage => ({
  from: 'system',
  to: 'ana',
  clientMessageId: `m${n}`,
  content: { text: `好的 ${n}`, data: { n: [n, null] } },
  wait: 'stored',
  ...fields,
});
const outcomeOf = ({ clientMessageId }: ServerMessage): SendOutcome => ({
  state: 'stored',
  messageId: clientMessageId,
  conversationId: 'ana~system',
});
const unavailable = expect.objectContaining({ code: 'peer_unavailable', retry: 'backoff' });

/** Everything that `SendLink` promises. */
export function sendLinkContract(name: string, harness: SendHarness): void {
  describe(`SendLink: ${name}`, { timeout: 30_000 }, () => {
    const worlds: SendWorld[] = [];
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
    });
    const create = async () => {
      const world = await harness.create();
      worlds.push(world);
      return world;
    };

    test('messages arrive as they were, and their outcomes come back in order', async () => {
      const { link, startNode } = await create();
      const arrived: ServerMessage[] = [];
      const fault = { error: { code: 'muted', message: 'no', field: 'conversationId', retryAfterMs: 5 } } as const;
      const node = await startNode('b', async (messages) => {
        arrived.push(...messages);
        return messages.map((one, place) => (place === 1 ? fault : outcomeOf(one)));
      });
      const { to: _, ...inGroup } = messageOf(2, {
        conversationId: 'team',
        mentions: 'all',
        after: 'a',
        wait: 'queued',
      });
      const messages = [messageOf(1), inGroup, messageOf(3)];
      expect(await link.send(node, messages)).toEqual([outcomeOf(messageOf(1)), fault, outcomeOf(messageOf(3))]);
      expect(arrived).toEqual(messages);
    });

    test('calls do not wait for each other', async () => {
      const { link, startNode } = await create();
      const { promise, resolve } = Promise.withResolvers<void>();
      const node = await startNode('b', async (messages) => {
        if (messages[0]?.clientMessageId === 'm1') await promise;
        return messages.map(outcomeOf);
      });
      const slow = link.send(node, [messageOf(1)]);
      expect(await link.send(node, [messageOf(2)])).toEqual([outcomeOf(messageOf(2))]);
      resolve();
      expect(await slow).toEqual([outcomeOf(messageOf(1))]);
    });

    test('a node that is gone, that fails, or that sends nothing for others is unavailable at once; the next call may succeed', async () => {
      const { link, startNode, clock, deadlineMs } = await create();
      const began = clock.monotonic();
      const gone = await startNode('gone', async (messages) => messages.map(outcomeOf));
      expect(await link.send(gone, [messageOf(1)])).toHaveLength(1);
      await gone[Symbol.asyncDispose]();
      await expect(link.send(gone, [messageOf(1)])).rejects.toEqual(unavailable);
      await expect(link.send(gone, [messageOf(1)])).rejects.toEqual(unavailable);
      const older = await startNode('older', undefined);
      await expect(link.send(older, [messageOf(1)])).rejects.toEqual(unavailable);
      let calls = 0;
      const failing = await startNode('failing', async (messages) => {
        if (++calls === 1) throw new Error('broken on purpose');
        return messages.map(outcomeOf);
      });
      await expect(link.send(failing, [messageOf(1)])).rejects.toEqual(unavailable);
      expect(await link.send(failing, [messageOf(2)])).toEqual([outcomeOf(messageOf(2))]);
      expect(clock.monotonic() - began).toBeLessThan(deadlineMs);
    });

    test('a node that answers too late is unavailable at the deadline', async () => {
      const { link, startNode, clock, deadlineMs } = await create();
      const { promise, resolve } = Promise.withResolvers<void>();
      const node = await startNode('b', async (messages) => {
        await promise;
        return messages.map(outcomeOf);
      });
      const began = clock.monotonic();
      await expect(link.send(node, [messageOf(1)])).rejects.toEqual(unavailable);
      expect(clock.monotonic() - began).toBeGreaterThanOrEqual(deadlineMs - 50);
      resolve();
    });

    test('what was meant for a restarted node’s predecessor is refused', async () => {
      const { link, startNode } = await create();
      const node = await startNode('b-2', async (messages) => messages.map(outcomeOf));
      await expect(link.send({ ...node, nodeId: 'b-1' }, [messageOf(1)])).rejects.toEqual(unavailable);
    });

    test('after its disposal nothing is sent', async () => {
      const { link, startNode } = await create();
      const node = await startNode('b', async (messages) => messages.map(outcomeOf));
      await link[Symbol.asyncDispose]();
      await expect(link.send(node, [messageOf(1)])).rejects.toEqual(unavailable);
    });
  });
}

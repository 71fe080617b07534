import { ImError } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { failureTests } from './peer-link-failures.ts';
import { chat, echoCounts, outcomeOf, type PeerHarness, peerFixture } from './peer-link-fixture.ts';

/** Everything that `PeerLink` promises. */
export function peerLinkContract(name: string, harness: PeerHarness): void {
  describe(`PeerLink: ${name}`, { timeout: 20_000 }, () => {
    const fixture = peerFixture(harness);
    describe('delivering', () => deliveryTests(fixture));
    describe('failing', () => failureTests(fixture));
  });
}

function deliveryTests({ world }: ReturnType<typeof peerFixture>): void {
  test('deliveries arrive as they were, and their counts come back in order', async () => {
    const peers = await world();
    const { startNode, link } = peers;
    const arrived: Delivery[] = [];
    const node = await startNode('b', (deliveries) => {
      arrived.push(...deliveries);
      return deliveries.map((_, index) => [3, 0, 4, 1, 2, 6, 5][index] ?? 9);
    });
    const deliveries: Delivery[] = [
      { userId: 'alice', frame: '{"type":"pong","serverTime":1}' },
      { userId: 'bob', frame: '"你好 👩‍👩‍👧‍👦 \\u0000"', onlySession: 's-1', closeCode: 4502 },
      { userId: 'eve', frame: '', onlySession: '-', relationsChanged: true },
      { userId: 'a~b@c', frame: 'x'.repeat(64 * 1024), exceptSession: 's-2' },
      { userId: 'dora', frame: '{}', watch: { messageId: '0123456789abcdef01234567', conversationId: 'alice~dora' } },
      { userId: 'alice', group: 'team', frame: '{}', onlySession: '-', exceptSession: 's-3' },
      { userId: 'alice', group: 'team', frame: '', onlySession: '-', membersChanged: ['bob', 'eve'] },
    ];
    expect(await outcomeOf(peers, link.deliver(node, deliveries))).toEqual([3, 0, 4, 1, 2, 6, 5]);
    expect(arrived).toEqual(deliveries);
  });

  test('nothing to deliver is nothing delivered', async () => {
    const { link } = await world();
    expect(await link.deliver({ nodeId: 'nowhere', peerAddress: '127.0.0.1:1' }, [])).toEqual([]);
  });

  test('C5: deliveries keep the order of the calls, each once, however many are on their way', async () => {
    const peers = await world();
    const { startNode, link } = peers;
    const arrived: string[] = [];
    const node = await startNode('b', (deliveries) => {
      arrived.push(...deliveries.map(({ frame }) => frame));
      return echoCounts(deliveries);
    });
    const counts: Promise<number[]>[] = [];
    for (let call = 0; call < 1_000; call++) {
      const deliveries = Array.from({ length: call % 5 }, (_, index) => chat(call * 10 + index));
      counts.push(link.deliver(node, deliveries));
      if (call % 100 === 0) await outcomeOf(peers, Promise.all(counts));
    }
    for (const [call, answer] of (await outcomeOf(peers, Promise.all(counts))).entries()) {
      expect(answer).toEqual(Array.from({ length: call % 5 }, (_, index) => call * 10 + index));
    }
    expect(arrived).toEqual([...Array(1_000).keys()].flatMap((call) => counted(call)));
  });

  test('a call of thousands gets thousands of counts', async () => {
    const peers = await world();
    const node = await peers.startNode('b', echoCounts);
    const many = Array.from({ length: 5_000 }, (_, index) => chat(index));
    expect(await outcomeOf(peers, peers.link.deliver(node, many))).toEqual([...many.keys()]);
  });

  test('nodes get their own deliveries, side by side', async () => {
    const peers = await world();
    const nodes = await Promise.all(
      ['b', 'c', 'd'].map((nodeId, factor) =>
        peers.startNode(nodeId, (deliveries) => echoCounts(deliveries).map((count) => count * (factor + 1))),
      ),
    );
    const calls = nodes.map((node) => peers.link.deliver(node, [chat(1), chat(10)]));
    const answers = await outcomeOf(peers, Promise.all(calls));
    expect(answers).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  test('after its disposal a link takes what is under way to its end, and nothing new', async () => {
    const peers = await world();
    const { startNode, link } = peers;
    const node = await startNode('b', echoCounts);
    const last = link.deliver(node, [chat(7)]);
    await outcomeOf(peers, Promise.resolve(link[Symbol.asyncDispose]()));
    expect(await last).toEqual([7]);
    const refused = await link.deliver(node, [chat(8)]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ImError);
    expect(refused).toMatchObject({ code: 'peer_unavailable' });
  });
}

function counted(call: number): string[] {
  return Array.from({ length: call % 5 }, (_, index) => chat(call * 10 + index).frame);
}

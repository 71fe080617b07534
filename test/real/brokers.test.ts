import { survives } from '@chasqui/contracts';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseRabbitmqUrl } from '../../libs/adapters/rabbitmq/src/rabbitmq-url.ts';
import { open, ownConfig, setUp } from '../../libs/adapters/rabbitmq/src/testing/installation.ts';
import { Brokers } from './brokers.ts';
import { loseLeader } from './leaderless-shard.ts';

const SHARDS = 4;
const FREEZE_MS = 12_000;
const until = (what: () => void | Promise<void>) => vi.waitFor(what, { timeout: 60_000, interval: 50 });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let brokers: Brokers;
let config: ReturnType<typeof ownConfig>;
beforeAll(async () => {
  brokers = await Brokers.start();
  config = ownConfig({ shards: SHARDS, publishDeadlineMs: 2_000, address: parseRabbitmqUrl(brokers.url) });
  await setUp(config);
}, 300_000);
afterAll(() => brokers?.[Symbol.asyncDispose](), 60_000);

describe('three brokers, each with a copy of each queue', { timeout: 180_000 }, () => {
  test.each([0, 1])(
    'C1, C3: broker %i is killed and comes back: nothing is lost, and nothing out of order',
    async (n) => {
      await using engines = await open(config);
      const life = brokers.lives[n];
      await survives(engines.bus, SHARDS, async (traffic) => {
        await life?.kill();
        // The two others go on.
        const before = traffic.ackedCount;
        await until(() => expect(traffic.ackedCount).toBeGreaterThan(before + 400));
        await life?.start();
      });
    },
  );

  test('C1, C3: a broker stands still for 12 s: the others go on, and what it says then changes nothing', async () => {
    await using engines = await open(config);
    const [life] = brokers.lives;
    await survives(engines.bus, SHARDS, async (traffic) => {
      life?.freeze();
      await wait(FREEZE_MS);
      life?.thaw();
      const before = traffic.ackedCount;
      await until(() => expect(traffic.ackedCount).toBeGreaterThan(before));
    });
  });

  test('C1, C12: while two are away, publishes are refused in time; all goes on when one is back', async () => {
    await using engines = await open(config);
    const [, second, third] = brokers.lives;
    const { refusals, slowestRefusalMs } = await survives(engines.bus, SHARDS, async (traffic) => {
      await Promise.all([second?.kill(), third?.kill()]);
      await until(() => expect(traffic.refusals.length).toBeGreaterThan(SHARDS * 3));
      const before = traffic.ackedCount;
      await wait(3_000);
      expect(traffic.ackedCount).toBe(before);
      await second?.start();
      await until(() => expect(traffic.ackedCount).toBeGreaterThan(before + 40));
      await third?.start();
    });
    for (const { code } of refusals) expect(['bus_unavailable', 'overloaded']).toContain(code);
    expect(slowestRefusalMs).toBeLessThan(config.publishDeadlineMs + 500);
    expect(await engines.bus.lag(CONVERSATION_TOPIC, 'first')).toEqual([]);
  });

  test('C12: one queue loses its leader: other shards go on as usual, and senders to its shard are refused in time', () =>
    loseLeader(brokers));
});

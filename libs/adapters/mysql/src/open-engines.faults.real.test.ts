import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mariadbOn } from '../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from './config.ts';
import type { MysqlEngines } from './index.ts';
import { privateEngine } from './testing/private-engine.ts';
import { Scratch } from './testing/scratch.ts';
import { expectExact, Traffic } from './testing/traffic.ts';

const USERS = Array.from({ length: 12 }, (_, i) => `user${i}`);
const DEADLINE_MS = 2_000;
/** A busy machine may be late with everything. */
const SLACK_MS = 4_000;

const { life, url } = privateEngine(mariadbOn(13_406));
const scratch = new Scratch(url, { deadlineMs: DEADLINE_MS });

describe('a server that comes and goes', { timeout: 180_000 }, () => {
  let config: MysqlConfig;
  let engines: MysqlEngines;
  let traffic: Traffic;

  beforeAll(async () => {
    config = await scratch.ready();
    engines = await scratch.open(config);
    traffic = new Traffic(USERS);
    traffic.start(engines, { writers: 4, batch: 20 });
    await traffic.progress(200);
  }, 60_000);
  afterAll(() => traffic.stop());

  test('C2, C11: kill -9 under load, again and again: calls fail in bounded time and recover unaided', async () => {
    for (let round = 0; round < 3; round++) {
      await life.kill();
      await life.start();
      await traffic.progress(400);
    }
    expect(traffic.longestMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });

  test('C11: stopped and started again in good order', async () => {
    await life.stop();
    const before = traffic.failures;
    await vi.waitUntil(() => traffic.failures > before, { timeout: 30_000 });
    await expect(engines.logs.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    // Another process starts before the server does.
    const opening = scratch.open({ ...config, startWaitMs: 60_000 });
    await life.start();
    await (await opening).logs.ping();
    await traffic.progress(400);
    await engines.logs.ping();
  });

  test('C11: frozen for ten seconds: nobody waits beyond the deadline, and what was begun is not done twice', async () => {
    const before = traffic.failures;
    traffic.longestMs = 0;
    life.freeze();
    const until = performance.now() + 10_000;
    await vi.waitUntil(() => performance.now() > until, { timeout: 20_000, interval: 200 });
    expect(traffic.failures).toBeGreaterThan(before);
    life.thaw();
    await traffic.progress(400);
    expect(traffic.longestMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });

  test('C2, C3, C4, C8, C10: after all that, every acked message is there, once, where it was said to be', async () => {
    await traffic.stop();
    expect(traffic.acked.length).toBeGreaterThan(1_500);
    await expectExact(engines, traffic);
    const messages = traffic.acked.map(({ message }) => message);
    const again = await engines.conversations.record(messages);
    expect(new Set(again.map(({ result }) => result))).toEqual(new Set(['duplicate']));
    expect(again.map(({ messageId }) => messageId)).toEqual(traffic.acked.map(({ outcome }) => outcome.messageId));
  });
});

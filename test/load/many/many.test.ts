import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startChasqui } from '../servers.ts';
import { totalOf } from '../watched.ts';
import { measureMany } from './bench.ts';
import { keptStore } from './kept-store.ts';
import { userName } from './one-user.ts';
import { anybody, popular } from './partners.ts';
import { many, pairs, runSeries, type StepRow } from './series.ts';

const root = await mkdtemp(join(tmpdir(), 'chasqui-many-'));
afterAll(() => rm(root, { recursive: true, force: true }));

test('each load counts truthfully', async () => {
  const STEP = 200;
  const USERS = 200;
  await using server = await startChasqui();
  const rows: StepRow[] = [];
  const loads = [
    ...[pairs(STEP, 'offline'), pairs(STEP, 'online')],
    ...[many(STEP, USERS, 'anybody'), many(STEP, USERS, 'popular')],
  ];
  for (const series of loads) await runSeries(server, series, { steps: 1, done: (row) => rows.push(row) });
  for (const { sent, load, used, bytesToDisk, held } of rows) {
    expect({ sent, done: load.done, unfinished: load.unfinished }).toEqual({
      ...{ sent: 2 * STEP, done: STEP, unfinished: 0 },
    });
    // A busy machine refuses some at first.
    expect([...load.others.keys(), ...load.refusals.keys()].filter((what) => what !== 'overloaded')).toEqual([]);
    expect(load.storing.count).toBe(STEP);
    expect(totalOf(used, 'cpuUs')).toBeGreaterThan(0);
    expect(Math.min(bytesToDisk, held.resident, held.heap, held.folder)).toBeGreaterThan(0);
  }
  expect(rows.slice(0, 2).map(({ load }) => load.delivered)).toEqual([0, STEP]);
  const unread = Array.from({ length: USERS }, async (_, number) => {
    const authorization = `Bearer ${await server.target.token(userName(number))}`;
    const answer = await fetch(`${server.api}/api/messages/unread-count`, { headers: { authorization } });
    return ((await answer.json()) as { total: number }).total;
  });
  expect((await Promise.all(unread)).reduce((sum, total) => sum + total, 0)).toBe(loads.length * 2 * STEP);
}, 240_000);

describe('partners', () => {
  const USERS = 1_000;
  const DRAWN = 100_000;
  const drawn = (choice: typeof anybody) => {
    const partnerOf = choice(USERS);
    const counts = new Uint32Array(USERS);
    for (let n = 0; n < DRAWN; n++) {
      const partner = partnerOf(n % USERS) as number;
      expect(partner).not.toBe(n % USERS);
      counts[partner] = (counts[partner] ?? 0) + 1;
    }
    return counts;
  };

  test('anybody: each of all users is as likely', () => {
    const counts = drawn(anybody);
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(170);
  });

  test("popular: Zipf's law, so that the first is drawn ten times as often as the tenth", () => {
    const counts = drawn(popular).toReversed();
    expect((counts[0] ?? 0) / (counts[9] ?? 1)).toBeGreaterThan(8);
    expect((counts[0] ?? 0) / (counts[9] ?? 1)).toBeLessThan(12.5);
    // 1 / (1 + 1/2 + … + 1/1000)
    expect((counts[0] ?? 0) / DRAWN).toBeCloseTo(0.1336, 1.5);
  });
});

test('a filled store has what was planned, and is filled once', async () => {
  const options = { users: 40, step: 100, steps: 1, stored: 4_000, calls: 2, root, say: () => {} };
  const { starts, rows, probes, filledS } = await measureMany({ parts: ['stored'], ...options });
  expect(rows.map(({ name }) => name)).toEqual([
    '100 pairs, receivers offline',
    '100 pairs, receivers online',
    '40 users, uniform, 4,000 stored',
  ]);
  expect(rows.map(({ load }) => load.done)).toEqual(rows.map(() => 100));
  expect(starts.map(({ name }) => name)).toEqual(['empty', 'empty', '4,000 stored']);
  expect(Object.fromEntries(probes.map(({ what, found }) => [what, found]))).toEqual({
    'history, the end': 22,
    'history, near the start': 2,
    'search, a common word': 26,
    'search, a rare word': 1,
    'search, two words': 2,
    'unread counts': 40,
    conversations: 40,
    'sync of all that waits': 800,
  });
  expect((await keptStore(root, options)).seconds).toBe(filledS);
}, 240_000);

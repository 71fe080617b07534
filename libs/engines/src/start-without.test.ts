import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { startWithout } from './start-without.ts';

const AWAY = new ImError('store_unavailable', 'MySQL does not answer');
const MISFIT = new ImError('config_invalid', 'MySQL does not let user chasqui in');

interface Users {
  users: { get(id: string): Promise<string> };
}

/** Starts on an engine whose openings end as given, the last again and again. */
function starting(...outcomes: (ImError | 'open' | 'no answer')[]) {
  const clock = createManualClock();
  const seen = { openings: 0, closed: 0, failures: [] as ImError[] };
  const open = async () => {
    const outcome = outcomes[Math.min(seen.openings++, outcomes.length - 1)];
    if (outcome instanceof ImError) throw outcome;
    if (outcome === 'no answer') await new Promise(() => {});
    return {
      users: { get: async (id: string) => id },
      async [Symbol.asyncDispose]() {
        seen.closed++;
      },
    };
  };
  const engines = startWithout<Users>({
    role: 'store',
    code: 'store_unavailable',
    open,
    names: ['users'],
    clock,
    logger: silentLogger,
    fail: (error) => seen.failures.push(error),
  });
  engines.catch(() => {});
  return { engines, clock, seen };
}

test('C11: an engine that is away is used as soon as it has opened, and closed with the app', async () => {
  const { engines, clock, seen } = starting(AWAY, AWAY, 'open');
  await clock.advance(0);
  const { users, ...rest } = await engines;
  await expect(users.get('ann')).rejects.toMatchObject({ code: 'store_unavailable' });
  await clock.advance(5_000);
  await expect(users.get('ann')).rejects.toMatchObject({ code: 'store_unavailable' });
  await clock.advance(5_000);
  expect(await users.get('ann')).toBe('ann');
  await rest[Symbol.asyncDispose]();
  expect(seen).toEqual({ openings: 3, closed: 1, failures: [] });
});

test('C11: an engine that does not answer delays the start by 5 s', async () => {
  const { engines, clock } = starting('no answer');
  let started = false;
  void engines.then(() => {
    started = true;
  });
  await clock.advance(4_999);
  expect(started).toBe(false);
  await clock.advance(1);
  expect(started).toBe(true);
});

test('a misconfigured engine fails the start', async () => {
  const { engines, clock, seen } = starting(MISFIT);
  await clock.advance(0);
  await expect(engines).rejects.toBe(MISFIT);
  expect(seen.failures).toEqual([]);
});

test('an engine that turns out to be misconfigured after the start ends the app, and is not tried again', async () => {
  const { engines, clock, seen } = starting(AWAY, MISFIT);
  await clock.advance(0);
  const { users, ...rest } = await engines;
  await clock.advance(60_000);
  expect(seen).toEqual({ openings: 2, closed: 0, failures: [MISFIT] });
  // Work in progress takes it for an outage, so that nothing is given up for good.
  await expect(users.get('ann')).rejects.toMatchObject({ code: 'store_unavailable', cause: MISFIT });
  await rest[Symbol.asyncDispose]();
});

import { createManualClock } from '@chasqui/contracts';
import { createMetrics } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createAttachmentMetrics } from './attachment-metrics.ts';
import { ChecksUnderWay } from './checks-under-way.ts';

/** Checks that end when the test says so, with the order in which they began. */
function someChecks(settings = {}) {
  const clock = createManualClock();
  const metrics = createMetrics({ app: 'api' });
  const checks = new ChecksUnderWay({
    settings: { maxChecks: 4, maxWaitingChecks: 64, maxCheckWaitMs: 10_000, ...settings },
    ...{ clock, metrics, attachmentMetrics: createAttachmentMetrics(metrics) },
  });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const check = (owner: string, id: string) =>
    checks
      .run({ id, owner }, () => {
        begun.push(id);
        return new Promise((resolve) => ends.push(resolve));
      })
      .then(
        () => 'done',
        (error) => error.code as string,
      );
  /** Ends the checks that run, after the given ms. */
  const endRunning = async (ms: number) => {
    await clock.advance(ms);
    for (const end of ends.splice(0)) end();
    await clock.advance(0);
  };
  return { check, begun, endRunning, clock, metrics };
}

/** Three uploads of each of eight users. */
function flood(check: (owner: string, id: string) => Promise<string>): Promise<string>[] {
  const users = Array.from({ length: 8 }, (_, n) => `user-${n}`);
  return [1, 2, 3].flatMap((n) => users.map((user) => check(user, `${n} of ${user}`)));
}

test('C16: a flood of eight users delays another by the running checks and those of users who came first', async () => {
  const { check, begun, endRunning } = someChecks();
  const others = flood(check);
  const honest = check('honest', 'honest');
  expect(begun).toHaveLength(4);
  for (let n = 0; n < 2; n++) await endRunning(2_000);
  // Four users had no place at first.
  expect(begun.indexOf('honest')).toBe(4 + 4);
  for (let n = 0; n < 5; n++) await endRunning(2_000);
  expect(await honest).toBe('done');
  expect(await Promise.all(others)).toContain('done');
});

test('C16: a check that has waited too long is refused, and may be asked for again', async () => {
  const { check, begun, endRunning, clock } = someChecks({ maxChecks: 1 });
  const hangs = check('ana', 'hangs');
  const waits = check('bob', 'waits');
  await clock.advance(10_000);
  expect(await waits).toBe('overloaded');
  expect(begun).toEqual(['hangs']);
  await endRunning(0);
  const again = check('bob', 'waits');
  await endRunning(0);
  expect(await Promise.all([hangs, again])).toEqual(['done', 'done']);
});

test('C16: those that wait are bounded, in all and for each user', async () => {
  const { check, begun, endRunning } = someChecks({ maxWaitingChecks: 2 });
  const own = [1, 2, 3, 4].map((n) => check('ana', `ana ${n}`));
  expect(await own[3]).toBe('too_fast');
  const others = ['bob', 'cat', 'dan', 'eve'].map((user) => check(user, user));
  expect(await others[3]).toBe('overloaded');
  await endRunning(0);
  await endRunning(0);
  expect(begun).toEqual(['ana 1', 'ana 2', 'ana 3', 'bob', 'cat', 'dan']);
  expect(await Promise.all(others.slice(0, 3))).toEqual(['done', 'done', 'done']);
});

test('one that is asked for again while it waits runs once, and is not counted before it runs', async () => {
  const { check, begun, endRunning, metrics } = someChecks({ maxChecks: 1 });
  const calls = [check('ana', 'first'), check('bob', 'second'), check('bob', 'second')];
  expect((await metrics.expose()).body).toMatch(/^chasqui_attachment_checks\{.*\} 1$/m);
  await endRunning(0);
  await endRunning(0);
  expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
  expect(begun).toEqual(['first', 'second']);
});

import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import type { RedisClient } from './client.ts';
import { RedisLink, unavailable } from './redis-link.ts';

const client = {} as RedisClient;

test('a call that gets no answer fails at its deadline, and a late answer harms nothing', async () => {
  const clock = createManualClock();
  const link = new RedisLink({ client, clock, timeoutMs: 1_000 });
  const { promise, reject } = Promise.withResolvers<string>();
  const outcome = link.call(() => promise).catch((error) => error);
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({ code: 'presence_unavailable', message: 'Redis did not answer within 1000 ms' });
  reject(new Error('too late'));
  expect(await link.call(async () => 'next')).toBe('next');
});

test('C16: beyond the bound of calls that wait, a call fails at once; answers make room', async () => {
  const link = new RedisLink({ client, clock: createManualClock(), timeoutMs: 1_000 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 20_000 }, () => link.call(() => promise));
  await expect(link.call(async () => 'one more')).rejects.toMatchObject({ code: 'presence_unavailable' });
  resolve();
  await Promise.all(waiting);
  expect(await link.call(async () => 'one more')).toBe('one more');
});

test('what was asked is not in the error: it may hold a message or a password', async () => {
  const link = new RedisLink({ client, clock: systemClock, timeoutMs: 1_000 });
  const command = { name: 'auth', args: ['secret'] };
  const driver = Object.assign(new Error('OOM command not allowed'), { command, previousErrors: [command] });
  const error = await link.call(() => Promise.reject(driver)).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'presence_unavailable', cause: driver });
  expect(JSON.stringify({ ...error.cause })).toBe('{}');
  const own = new ImError('config_invalid', 'x');
  expect(unavailable(own)).toBe(own);
});

test('C15: what a server that does not know a command says of it is told without its arguments', async () => {
  const link = new RedisLink({ client, clock: systemClock, timeoutMs: 1_000 });
  const said = "ERR unknown command 'AUTH', with args beginning with: 'bob' 'secret' ";
  const error = await link.call(() => Promise.reject(new Error(said))).catch((caught) => caught);
  expect(error.message).toBe("Redis: ERR unknown command 'AUTH'");
  expect(`${error.stack} ${error.cause.message} ${error.cause.stack}`).not.toContain('secret');
});

import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { problemLog } from './error-handling.ts';
import { httpProblem } from './errors.ts';

const request = { method: 'POST', routeOptions: { url: '/api/attachments' } } as FastifyRequest;

test('what the answer hides of an engine is in the log, of each code once in ten seconds', async () => {
  const clock = createManualClock();
  const told: unknown[] = [];
  const logger = { ...silentLogger, warn: (facts: object) => void told.push(facts) };
  const log = problemLog({ clock, logger });
  const fail = (error: Error) => log(httpProblem(error), error, request);
  const missing = new ImError('store_unavailable', 'no such column: is_cleaned');
  const late = new ImError('deadline_exceeded', 'the store did not answer');
  const about = { method: 'POST', route: '/api/attachments' };
  for (const error of [missing, missing, late, new ImError('not_found', 'no such file')]) fail(error);
  expect(told).toEqual([
    { ...about, err: missing, times: 1 },
    { ...about, err: late, times: 1 },
  ]);
  await clock.advance(10_000);
  fail(missing);
  expect(told.at(-1)).toEqual({ ...about, err: missing, times: 2 });
});

import { type Clock, ImError } from '@chasqui/domain';
import type { Mortal } from './mortal.ts';

/** A user gives up waiting for an answer after this long, and asks again. Longer than the API's own deadline. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 700;

/**
 * A user calls the API, and again until there is a final answer: the result, or the refusal. `api`: the process that serves at
 * that moment, and the call; null: none does.
 */
export async function untilAnswered<T>(
  clock: Clock,
  api: () => { process: Mortal; call: () => Promise<T> } | null,
): Promise<T | ImError> {
  for (;;) {
    try {
      return await inTime(clock, callOf(clock, api()));
    } catch (error) {
      if (!(error instanceof ImError)) throw error;
      if (error.retry === 'never') return error;
    }
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
  }
}

function callOf<T>(clock: Clock, api: { process: Mortal; call: () => Promise<T> } | null): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  if (api !== null) clock.after(1, () => api.process.enter(() => api.call().then(resolve, reject)));
  return promise;
}

function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(PATIENCE_MS, () => reject(new ImError('deadline_exceeded', 'the API does not answer')));
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}

import { type Clock, ImError, type Random } from '@chasqui/domain';

export interface BackoffOptions {
  /** The first wait, in ms. */
  initialMs: number;
  /** The longest wait, in ms. */
  maxMs: number;
}

/**
 * The wait before retry `attempt` (0 is the first): it doubles, with "equal jitter" so that many clients do not return
 * at once.
 */
export function backoffMs(attempt: number, { initialMs, maxMs }: BackoffOptions, random: Random): number {
  const ceiling = Math.min(maxMs, initialMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Resolves after `delayMs`, or rejects with the signal's reason if aborted first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The promise's outcome, or `deadline_exceeded` (or `late()`) after `deadlineMs`. The promise itself keeps running. */
export function withDeadline<T>(
  clock: Clock,
  deadlineMs: number,
  promise: Promise<T>,
  late: () => ImError = () => new ImError('deadline_exceeded', `no answer within ${deadlineMs} ms`),
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(deadlineMs, () => reject(late()));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}

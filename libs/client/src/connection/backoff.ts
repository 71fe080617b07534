import type { Random } from '@chasqui/domain';

/**
 * Full jitter: a random part of `minMs` doubled `attempt` times, at most `maxMs`. The jitter keeps the clients of a
 * dead node from reconnecting in waves. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function fullJitter(attempt: number, minMs: number, maxMs: number, random: Random): number {
  return random() * Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30));
}

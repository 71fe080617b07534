import { ImError, type UserId } from '@chasqui/domain';
import { networkOf } from '@chasqui/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import type { Asker } from '../passwords/hashing-queue.ts';
import type { BucketLimit } from '../settings.ts';

type ThrottleContext = Pick<ApiContext, 'rateLimits' | 'logger' | 'settings'>;

/** In whose name a password is hashed: somebody at this address, until the answer is out or nobody is there to get it. */
export function askerOf({ ip }: FastifyRequest, { raw }: FastifyReply): Asker {
  const over = new AbortController();
  if (raw.destroyed) over.abort();
  else raw.once('close', () => over.abort());
  return { network: networkOf(ip), signal: over.signal };
}

/** Errors: `too_fast` when too many passwords or tokens were tried from this address. */
export async function throttleAddress(context: ThrottleContext, address: string): Promise<void> {
  await take(context, `auth:address:${networkOf(address)}`, context.settings.authPerAddress);
}

/** Errors: `too_fast` when too many passwords were tried for this user, from wherever. */
export async function throttleUser(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `auth:user:${userId}`, context.settings.loginPerUser);
}

/** Errors: `too_fast` when an administrator does too much at once: it may be somebody with a stolen token. */
export async function throttleAdmin(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `admin:${userId}`, context.settings.adminPerUser);
}

/** Errors: `too_fast` when the user posts, replies or uploads too much. */
export async function throttleMoments(
  context: ThrottleContext,
  userId: UserId,
  what: 'moment' | 'reply' | 'picture',
): Promise<void> {
  await take(context, `moments:${what}:${userId}`, context.settings.momentsPerUser[what]);
}

async function take({ rateLimits, logger }: ThrottleContext, key: string, limit: BucketLimit): Promise<void> {
  const waitMs = await rateLimits.take(key, 1, limit).catch((error) => {
    logger.warn({ err: error }, 'rate limits are away: letting a call through');
    return 0;
  });
  if (waitMs > 0) throw new ImError('too_fast', 'too many attempts', { retryAfterMs: Math.ceil(waitMs) });
}

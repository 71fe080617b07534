import { type ApiKey, ImError, mailboxKey, type UserId } from '@chasqui/domain';
import { networkOf } from '@chasqui/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import type { BucketLimit } from '../settings.ts';
import type { Asker } from './fair-queue.ts';

/** Items of one call of the server API. */
export const MAX_BATCH = 100;

type ThrottleContext = Pick<ApiContext, 'rateLimits' | 'logger' | 'settings'>;

/**
 * The client for which a password is hashed: its address, and a signal that aborts when the answer is sent or nobody
 * awaits it.
 */
export function askerOf({ ip }: FastifyRequest, { raw }: FastifyReply): Asker {
  const over = new AbortController();
  if (raw.destroyed) over.abort();
  else raw.once('close', () => over.abort());
  return { owner: networkOf(ip), signal: over.signal };
}

/** Errors: `too_fast` if too many passwords or tokens were tried from this address. */
export async function throttleAddress(context: ThrottleContext, address: string): Promise<void> {
  await take(context, `auth:address:${networkOf(address)}`, context.settings.authPerAddress);
}

/** Errors: `too_fast` if too many passwords were tried for this user, from all addresses together. */
export async function throttleUser(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `auth:user:${userId}`, context.settings.loginPerUser);
}

/** Errors: `too_fast` if an administrator makes too many calls, as their token may be stolen. */
export async function throttleAdmin(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `admin:${userId}`, context.settings.adminPerUser);
}

/** Errors: `too_fast` if more is asked for with a key of the server API than its rate allows. */
export async function throttleKey(
  context: Pick<ApiContext, 'rateLimits' | 'logger'>,
  { keyId, perSecond }: ApiKey,
  cost = 1,
): Promise<void> {
  // At least the largest batch.
  const limit = { perSecond, burst: Math.max(perSecond, MAX_BATCH) };
  await take(context, `key:${keyId}`, limit, cost);
}

/** Errors: `too_fast` if the user posts, replies or uploads too much. */
export async function throttleMoments(
  context: ThrottleContext,
  userId: UserId,
  what: 'moment' | 'reply' | 'picture',
): Promise<void> {
  await take(context, `moments:${what}:${userId}`, context.settings.momentsPerUser[what]);
}

/** Errors: `too_fast` if the user announces more bytes of attachments than an hour allows. */
export async function throttleAttachments(context: ThrottleContext, userId: UserId, bytes: number): Promise<void> {
  const kibPerHour = context.settings.attachmentBytesPerHour / 1024;
  const limit = { perSecond: kibPerHour / 3600, burst: kibPerHour };
  await take(context, `attachments:${userId}`, limit, Math.ceil(bytes / 1024));
}

/** Errors: `too_fast` if the user changes states of conversations too often: each change is an update of the inbox. */
export async function throttleStates(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `states:${userId}`, context.settings.statesPerUser);
}

/** Errors: `too_fast` if the user asks for too many changes of groups. */
export async function throttleGroups(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `groups:${userId}`, context.settings.groupChangesPerUser);
}

/**
 * Errors: `too_fast` if too many codes were sent for this user, from this client, or to this address.
 * `presence_unavailable` if that is unknown: a mailbox that may be a stranger's gets no mail rather than many.
 */
export async function throttleEmailCode(
  { rateLimits, settings }: Pick<ApiContext, 'rateLimits' | 'settings'>,
  userId: UserId,
  ip: string,
  address: string,
): Promise<void> {
  const { user, client, mailbox } = settings.emailCodes;
  for (const [key, limit] of [
    [`email:user:${userId}`, user],
    [`email:client:${networkOf(ip)}`, client],
    [`email:mailbox:${mailboxKey(address)}`, mailbox],
  ] as const) {
    refuse(await rateLimits.take(key, 1, limit));
  }
}

/** Errors: `too_fast` if the user has tried too many codes. */
export async function throttleCodeTry(context: ThrottleContext, userId: UserId): Promise<void> {
  await take(context, `email:try:${userId}`, context.settings.codeTries);
}

async function take(
  { rateLimits, logger }: Pick<ThrottleContext, 'rateLimits' | 'logger'>,
  key: string,
  limit: BucketLimit,
  cost = 1,
): Promise<void> {
  const waitMs = await rateLimits.take(key, cost, limit).catch((error) => {
    logger.warn({ err: error }, 'rate limits are unavailable: allowing a call');
    return 0;
  });
  refuse(waitMs);
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw new ImError('too_fast', 'too many attempts', { retryAfterMs: Math.ceil(waitMs) });
}

import type { BlockedBy } from '@chasqui/core';
import {
  type BlockedSenderPolicy,
  type Clock,
  contentDigests,
  type HybridClock,
  ImError,
  type Limits,
  type Message,
} from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { DedupClaim, DedupHints } from '@chasqui/ports';
import { claimDigest, fateOf } from './blocked-senders.ts';

/**
 * The hints have this long to answer, ms: they may be frozen together with the bus, whose sender is to hear of it within
 * `publishDeadlineMs` (C12). One batch waits for the one before it as well.
 */
const CLAIM_MS = 1_000;

export interface FirstCopiesOptions {
  dedup: DedupHints;
  clock: Clock;
  limits: Pick<Limits, 'dedupWindowMs'>;
  blockedSenders: BlockedSenderPolicy;
  /** What follows a resend sorts behind its first id. */
  ids: Pick<HybridClock, 'observe'>;
  logger: Logger;
}

/** A message, and who of its sender (`asker`) and its receiver (`other`) takes nothing of the other. */
export interface Claimant {
  message: Message;
  blockedBy: BlockedBy;
}

/**
 * Asks the dedup hints whether messages were sent before: a resend goes on under the id that its first copy got, and meets
 * what that met, so that nothing is refused that may be stored (C3). Resolves for each, in order, to the error that it is
 * refused with: `blocked` or `client_message_id_reused`. Without an answer all go on, as storing finds duplicates out.
 */
export async function meetFirstCopies(
  batch: readonly Claimant[],
  { dedup, clock, limits, blockedSenders, ids, logger }: FirstCopiesOptions,
): Promise<(ImError | undefined)[]> {
  const digests = batch.map(({ message }) => contentDigests(message));
  const claims = batch.map(({ message, blockedBy }, index) =>
    claimOf(message, claimDigest((digests[index] as [string])[0], blockedBy, blockedSenders)),
  );
  const claimed = withDeadline(clock, CLAIM_MS, dedup.claim(claims, limits.dedupWindowMs));
  const kept = await claimed.catch((error) => {
    logger.debug({ err: error }, 'dedup hints are unavailable: the store detects duplicates');
    return claims;
  });
  return batch.map(({ message, blockedBy }, index) => {
    const first = kept[index] ?? (claims[index] as DedupClaim);
    const fate = fateOf(digests[index] as string[], first.digest);
    if (fate === 'refused') return refused(blockedBy);
    if (fate === 'reused') return reused(first.messageId);
    if (first.messageId !== message.messageId) ids.observe(first.messageId);
    message.messageId = first.messageId;
    if (fate === 'silenced') message.silenced = true;
    return undefined;
  });
}

function claimOf({ from, clientMessageId, conversationId, messageId }: Message, digest: string): DedupClaim {
  return { from, clientMessageId, conversationId, messageId, digest };
}

function refused(blockedBy: BlockedBy): ImError {
  const why = blockedBy === 'asker' ? 'you block the receiver: lift the block to write' : 'one of you blocks the other';
  return new ImError('blocked', why, { field: 'to' });
}

function reused(messageId: string): ImError {
  return new ImError(
    'client_message_id_reused',
    'this clientMessageId was already used for other content or another receiver',
    { field: 'clientMessageId', messageId },
  );
}

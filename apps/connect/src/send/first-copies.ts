import { type Clock, type ContentDigests, type HybridClock, ImError, type Limits } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { DedupClaim, DedupHints } from '@chasqui/ports';
import type { Accepted } from './accepted-message.ts';

/**
 * How long the hints may take to answer, in ms. They may be frozen together with the bus, and the sender must get an
 * error within `publishDeadlineMs` (C12). A batch also waits for the one before it.
 */
const CLAIM_MS = 1_000;

export interface FirstCopiesOptions {
  dedup: DedupHints;
  clock: Clock;
  limits: Pick<Limits, 'dedupWindowMs'>;
  /** Later ids must sort behind the first id of a resend. */
  ids: Pick<HybridClock, 'observe'>;
  logger: Logger;
}

/** A message with its own id and without an audience. */
export type Claimant = Pick<Accepted, 'message' | 'digests' | 'decision' | 'forward'>;

/**
 * Asks the dedup hints whether messages were sent before. A resend gets the id and the verdict of its first copy, so
 * that nothing is refused that may be stored (C3). Gives each message its id and audience, or resolves for it, in
 * order, to the error that refuses it: an error of its kind, or `client_message_id_reused`. Without an answer, all
 * messages continue with their current decision, as storing detects duplicates. A forward of what cannot be had leaves no hint:
 * if no earlier copy was accepted, it is refused, and may be sent again as if it never had been.
 */
export async function meetFirstCopies(
  batch: readonly Claimant[],
  { dedup, clock, limits, ids, logger }: FirstCopiesOptions,
): Promise<(ImError | undefined)[]> {
  const claims = batch.map(claimOf);
  const meeting = firstOf(batch, claims, dedup, limits.dedupWindowMs);
  const kept = await withDeadline(clock, CLAIM_MS, meeting).catch((error) => {
    logger.debug({ err: error }, 'dedup hints are unavailable: the store detects duplicates');
    return claims;
  });
  return batch.map(({ message, digests, decision }, index) => {
    const first = kept[index] ?? (claims[index] as DedupClaim);
    const verdict = verdictIn(first.digest, digests);
    if (verdict === undefined) return reused(first.messageId);
    const audience = decision.audienceBy(verdict);
    if (audience instanceof ImError) return audience;
    message.audience = audience;
    if (first.messageId !== message.messageId) {
      ids.observe(first.messageId);
      message.messageId = first.messageId;
    }
    return undefined;
  });
}

/** The claims that are kept, in order. Those of messages that may be sent count before others look for them. */
async function firstOf(
  batch: readonly Claimant[],
  claims: readonly DedupClaim[],
  dedup: DedupHints,
  ttlMs: number,
): Promise<DedupClaim[]> {
  const isMissing = (_: DedupClaim, index: number) => batch[index]?.forward?.missing !== undefined;
  const missing = claims.filter(isMissing);
  if (missing.length === 0) return dedup.claim(claims, ttlMs);
  const claimed = await dedup.claim(
    claims.filter((claim, index) => !isMissing(claim, index)),
    ttlMs,
  );
  const found = await dedup.find(missing);
  return claims.map((claim, index) => (isMissing(claim, index) ? found.shift() : claimed.shift()) ?? claim);
}

/**
 * The value to claim. A refusal holds for any content, so it keeps the verdict alone. Any other verdict precedes the
 * digest.
 */
function claimOf({ message, digests: [digest], decision }: Claimant): DedupClaim {
  const { from, clientMessageId, conversationId, messageId } = message;
  const { verdict } = decision;
  let kept = digest;
  if (verdict !== '') kept = decision.audienceBy(verdict) instanceof ImError ? verdict : `${verdict} ${digest}`;
  return { from, clientMessageId, conversationId, messageId, digest: kept };
}

/**
 * The verdict of the first copy; undefined: its content or address was different. A verdict contains no dot, a digest
 * does.
 */
function verdictIn(kept: string, digests: ContentDigests): string | undefined {
  const digest = kept.slice(kept.lastIndexOf(' ') + 1);
  if (digests.includes(digest)) return kept.slice(0, -digest.length).trimEnd();
  return digest.includes('.') ? undefined : kept;
}

function reused(messageId: string): ImError {
  return new ImError(
    'client_message_id_reused',
    'this clientMessageId was already used for other content or another receiver',
    { field: 'clientMessageId', messageId },
  );
}

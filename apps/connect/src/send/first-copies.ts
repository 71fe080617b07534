import { type Clock, type ContentDigests, type HybridClock, ImError, type Limits, type Message } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { DedupClaim, DedupHints } from '@chasqui/ports';
import type { Decision } from './conversation-kind.ts';

/**
 * The hints have this long to answer, ms: they may be frozen together with the bus, whose sender is to hear of it within
 * `publishDeadlineMs` (C12). One batch waits for the one before it as well.
 */
const CLAIM_MS = 1_000;

export interface FirstCopiesOptions {
  dedup: DedupHints;
  clock: Clock;
  limits: Pick<Limits, 'dedupWindowMs'>;
  /** What follows a resend sorts behind its first id. */
  ids: Pick<HybridClock, 'observe'>;
  logger: Logger;
}

/** A message whose id is still its own, and that has no audience yet. */
export interface Claimant {
  message: Message;
  digests: ContentDigests;
  decision: Decision;
}

/**
 * Asks the dedup hints whether messages were sent before: a resend goes on under the id that its first copy got, and is
 * treated as that was, so that nothing is refused that may be stored (C3). Gives each message its id and audience, or resolves
 * for it, in order, to the error that it is refused with: its kind's own, or `client_message_id_reused`. Without an answer
 * all go on by what was decided of them now, as storing finds duplicates out.
 */
export async function meetFirstCopies(
  batch: readonly Claimant[],
  { dedup, clock, limits, ids, logger }: FirstCopiesOptions,
): Promise<(ImError | undefined)[]> {
  const claims = batch.map(claimOf);
  const kept = await withDeadline(clock, CLAIM_MS, dedup.claim(claims, limits.dedupWindowMs)).catch((error) => {
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

/** A refusal stands whatever the content is: its verdict is kept alone. Any other stands before the digest. */
function claimOf({ message, digests: [digest], decision }: Claimant): DedupClaim {
  const { from, clientMessageId, conversationId, messageId } = message;
  const { verdict } = decision;
  let kept = digest;
  if (verdict !== '') kept = decision.audienceBy(verdict) instanceof ImError ? verdict : `${verdict} ${digest}`;
  return { from, clientMessageId, conversationId, messageId, digest: kept };
}

/** Which verdict the first copy met; undefined: it had another content or address. Verdicts have no dot, and digests have one. */
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

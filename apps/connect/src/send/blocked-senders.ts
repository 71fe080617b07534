import type { BlockedBy } from '@chasqui/core';
import type { BlockedSenderPolicy } from '@chasqui/domain';

/** In place of a digest: this clientMessageId was refused, and stays so. */
const REFUSED = 'blocked';
/** Before the digest of a message that was silenced, and stays so. */
const SILENCED = 'silenced ';

/** What a message's dedup claim says of it, by its content's digest, so that a resend meets what its first copy met (C3). */
export function claimDigest(digest: string, blockedBy: BlockedBy, policy: BlockedSenderPolicy): string {
  if (blockedBy === 'nobody') return digest;
  // Silence is for who is blocked. Who blocks knows it, and is told.
  return policy === 'refuse' || blockedBy === 'asker' ? REFUSED : `${SILENCED}${digest}`;
}

/** What became of the first copy of a message with one of these digests. `reused`: that one had another content or receiver. */
export function fateOf(digests: readonly string[], kept: string): 'taken' | 'silenced' | 'refused' | 'reused' {
  if (kept === REFUSED) return 'refused';
  if (digests.includes(kept)) return 'taken';
  return digests.some((digest) => kept === `${SILENCED}${digest}`) ? 'silenced' : 'reused';
}

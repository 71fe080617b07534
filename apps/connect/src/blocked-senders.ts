import { type BlockedSenderPolicy, contentDigest, type Message } from '@chasqui/domain';

/** In place of a digest: this clientMessageId was refused, and stays so. */
const REFUSED = 'blocked';
/** Before the digest of a message that was silenced, and stays so. */
const SILENCED = 'silenced ';

/** What the message's dedup claim says of it, so that a resend meets what its first copy met (C3). */
export function claimDigest(message: Message, blocked: boolean, policy: BlockedSenderPolicy): string {
  const digest = contentDigest(message);
  if (!blocked) return digest;
  return policy === 'refuse' ? REFUSED : `${SILENCED}${digest}`;
}

/** What became of the first copy of a message. `reused`: that one had another content or receiver. */
export function fateOf(message: Message, kept: string): 'taken' | 'silenced' | 'refused' | 'reused' {
  if (kept === REFUSED) return 'refused';
  const digest = contentDigest(message);
  if (kept === digest) return 'taken';
  return kept === `${SILENCED}${digest}` ? 'silenced' : 'reused';
}

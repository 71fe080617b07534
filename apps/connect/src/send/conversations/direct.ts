import type { BlockedBy, BlockList } from '@chasqui/core';
import { type BlockedSenderPolicy, directAudience, directConversation, ImError, type UserId } from '@chasqui/domain';
import type { Session } from '../../sessions/session.ts';
import type { Address, ConversationKind, Decision, Resolution } from '../conversation-kind.ts';

/** One of the two blocks the other. Release 0.1 has the same two words in its claims. */
const BLOCKED = 'blocked';
/** The receiver blocks the sender, who is not to notice: the message is its sender's alone. */
const SILENCED = 'silenced';

export interface DirectConversationsOptions {
  blocks: Pick<BlockList, 'between'>;
  policy: BlockedSenderPolicy;
}

/** Conversations of two: `to` names the other user, and either may block the other. */
export class DirectConversations implements ConversationKind {
  readonly #options: DirectConversationsOptions;

  constructor(options: DirectConversationsOptions) {
    this.#options = options;
  }

  /** Errors: `recipient_invalid`. */
  resolve({ userId }: Session, { to }: Address): Resolution {
    return {
      conversationId: directConversation(userId, to),
      addressee: to,
      decide: () => this.#decide(userId, to),
    };
  }

  #decide(from: UserId, to: UserId): Decision | Promise<Decision> {
    const blockedBy = this.#options.blocks.between(from, to);
    if (typeof blockedBy === 'string') return this.#decision(from, to, blockedBy);
    return blockedBy.then((answer) => this.#decision(from, to, answer));
  }

  #decision(from: UserId, to: UserId, blockedBy: BlockedBy): Decision {
    return {
      verdict: this.#verdict(blockedBy),
      audienceBy: (verdict) =>
        verdict === BLOCKED ? refusal(blockedBy) : directAudience(from, to, verdict === SILENCED),
    };
  }

  #verdict(blockedBy: BlockedBy): string {
    if (blockedBy === 'nobody') return '';
    // Silence is for who is blocked. Who blocks knows it, and is told.
    return this.#options.policy === 'refuse' || blockedBy === 'asker' ? BLOCKED : SILENCED;
  }
}

/** `blockedBy`: as it is now; the block that the first copy met may be lifted. */
function refusal(blockedBy: BlockedBy): ImError {
  const why = blockedBy === 'asker' ? 'you block the receiver: lift the block to write' : 'one of you blocks the other';
  return new ImError('blocked', why, { field: 'to' });
}

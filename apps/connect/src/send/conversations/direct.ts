import type { BlockedBy, BlockList } from '@chasqui/core';
import {
  type BlockedSenderPolicy,
  type ConversationId,
  directAudience,
  directConversation,
  directPeer,
  ImError,
  isGroupId,
  mustBelong,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { Session } from '../../sessions/session.ts';
import type { Address, ConversationKind, Decision, Resolution } from '../conversation-kind.ts';

/** One of the two users blocks the other. Release 0.1 uses the same two words in its claims. */
const BLOCKED = 'blocked';
/** The receiver blocks the sender, who must not notice: only the sender's inbox gets the message. */
const SILENCED = 'silenced';

export interface DirectConversationsOptions {
  blocks: Pick<BlockList, 'between'>;
  policy: BlockedSenderPolicy;
}

/** Direct conversations: the address names the other user, and either may block the other. */
export class DirectConversations implements ConversationKind {
  readonly #options: DirectConversationsOptions;

  constructor(options: DirectConversationsOptions) {
    this.#options = options;
  }

  /** Errors: `recipient_invalid`, `not_found`, `not_a_member`, `mention_invalid`. */
  resolve({ userId }: Pick<Session, 'userId'>, { to = '', conversationId, mentions }: Address): Resolution {
    if (mentions !== undefined) {
      throw onlyInGroups();
    }
    if (conversationId !== undefined) {
      if (isGroupId(conversationId)) {
        throw new ImError('recipient_invalid', 'this is the id of a group', { field: 'conversationId' });
      }
      mustBelong(conversationId, userId);
      return this.resolve({ userId }, { to: directPeer(conversationId, userId) ?? '' });
    }
    const id = directConversation(userId, to);
    return { conversationId: id, addressee: to, decide: () => this.#decide(id, userId, to) };
  }

  #decide(id: ConversationId, from: UserId, to: UserId): Decision | Promise<Decision> {
    if (from === SYSTEM_USER) return this.#decision(from, to, 'nobody');
    const blockedBy = this.#options.blocks.between(id, from);
    if (typeof blockedBy === 'string') return this.#decision(from, to, blockedBy);
    return blockedBy.then((answer) => this.#decision(from, to, answer));
  }

  #decision(from: UserId, to: UserId, blockedBy: BlockedBy): Decision {
    return {
      pushes: 'at_once',
      verdict: this.#verdict(blockedBy),
      audienceBy: (verdict) =>
        verdict === BLOCKED ? refusal(blockedBy) : directAudience(from, to, verdict === SILENCED),
    };
  }

  #verdict(blockedBy: BlockedBy): string {
    if (blockedBy === 'nobody') return '';
    // Only a blocked sender is kept unaware. A sender who blocks the receiver knows of the block and gets the error.
    return this.#options.policy === 'refuse' || blockedBy === 'asker' ? BLOCKED : SILENCED;
  }
}

/** `blockedBy`: the current block. The one that the first copy met may have been lifted since. */
function refusal(blockedBy: BlockedBy): ImError {
  const why = blockedBy === 'asker' ? 'you block the receiver: lift the block to write' : 'one of you blocks the other';
  return new ImError('blocked', why, { field: 'to' });
}

export function onlyInGroups(): ImError {
  return new ImError('mention_invalid', 'only messages to groups have mentions', { field: 'mentions' });
}

import type { KeptReactor, MessageReactions, UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';

interface KeptReactions {
  key: MessageKey;
  reactions: MessageReactions;
  reactors: Map<UserId, KeptReactor>;
}

/** Reactions by message, as a database would hold them. */
export class ReactionTable {
  readonly kept = new Map<string, KeptReactions>();

  of(key: MessageKey): KeptReactions | undefined {
    return this.kept.get(nameOf(key));
  }

  set(kept: KeptReactions): void {
    this.kept.set(nameOf(kept.key), kept);
  }

  drop(key: MessageKey): void {
    this.kept.delete(nameOf(key));
  }
}

function nameOf({ conversationId, messageId }: MessageKey): string {
  return `${conversationId} ${messageId}`;
}

import type { GroupAccess, KnownMember } from '@chasqui/core';
import {
  type Clock,
  type ConversationId,
  groupLog,
  ImError,
  isGroupId,
  type Limits,
  POST_REFUSALS,
  type PostRefusal,
  postRefusal,
  toldRefusal,
  type UserId,
} from '@chasqui/domain';
import { GroupRates } from '../../admission/group-rates.ts';
import type { GroupSessions } from '../../groups/group-sessions.ts';
import type { Session } from '../../sessions/session.ts';
import type { Address, ConversationKind, Decided, Resolution } from '../conversation-kind.ts';

/** When a sender may try again while a group's frames wait for sockets, ms. */
const BACKLOG_RETRY_MS = 500;

/** What matters of a message. */
interface Post {
  from: UserId;
  mentionsAll: boolean;
  /** It may have been sent before, so storing may have it. */
  resend: boolean;
}

export interface GroupConversationsOptions {
  access: Pick<GroupAccess, 'of' | 'latest'>;
  groups: Pick<GroupSessions, 'has' | 'backlog'>;
  clock: Clock;
  limits: Pick<Limits, 'groupMessagesPerSecond' | 'groupMessageBurst' | 'maxGroupBacklog'>;
}

/** Groups: refuses early what storing would refuse, by what the node knows (C18), and slows a hot group (C23). */
export class GroupConversations implements ConversationKind {
  readonly #options: GroupConversationsOptions;
  readonly #rates: GroupRates;

  constructor(options: GroupConversationsOptions) {
    this.#options = options;
    const { clock, limits } = options;
    this.#rates = new GroupRates(clock, limits.groupMessagesPerSecond, limits.groupMessageBurst);
  }

  /** Errors: `recipient_invalid`. */
  resolve(session: Session, { conversationId = '', mentions, resend = false }: Address): Resolution {
    if (!isGroupId(conversationId)) {
      throw new ImError('recipient_invalid', 'a group is addressed by its conversationId', { field: 'conversationId' });
    }
    return {
      conversationId,
      addressee: conversationId,
      decide: () =>
        this.#decide(session, conversationId, { from: session.userId, mentionsAll: mentions === 'all', resend }),
    };
  }

  #decide(session: Session, group: ConversationId, post: Post): Decided | Promise<Decided> {
    const { access } = this.#options;
    const decided = (standing: KnownMember | null) => this.#decided(session, group, post, standing);
    const known = access.of(group, session.userId);
    if (known instanceof Promise) return known.then(decided);
    // What would be refused for good is read again first.
    if (this.#refusal(known, post) !== null) return access.latest(group, session.userId).then(decided);
    return decided(known);
  }

  #decided(session: Session, id: ConversationId, post: Post, standing: KnownMember | null): Decided {
    // The store is away: who gets what happens in the group may go on (C11).
    if (standing === null && !this.#options.groups.has(session, id)) {
      return new ImError('store_unavailable', 'it is not known for now whether you are a member', {
        field: 'conversationId',
      });
    }
    const audienceBy = (first: string) => (isRefusal(first) ? refused(first, post.from) : [groupLog(id)]);
    const refusal = this.#refusal(standing, post);
    if (refusal !== null) {
      // Its first copy may be in the log, or on its way there: only the order of the log can refuse it (C18).
      const isLeftToStoring = post.resend && standing?.member != null;
      return { pushes: 'once_stored', verdict: isLeftToStoring ? '' : refusal, audienceBy };
    }
    const retryAfterMs = this.#waitMs(id);
    if (retryAfterMs === 0) return { pushes: post.resend ? 'once_stored' : 'once_queued', verdict: '', audienceBy };
    return new ImError('too_fast', 'too many messages in this group', { retryAfterMs });
  }

  #refusal(standing: KnownMember | null, { from, mentionsAll }: Post): PostRefusal | null {
    if (standing === null) return null;
    return postRefusal(standing.group, standing.member, { from, mentionsAll, at: this.#options.clock.now() });
  }

  /** Asked for members only, so that nobody else can slow a group. */
  #waitMs(group: ConversationId): number {
    const { groups, limits } = this.#options;
    return groups.backlog(group) >= limits.maxGroupBacklog ? BACKLOG_RETRY_MS : this.#rates.waitMs(group);
  }
}

function isRefusal(verdict: string): verdict is PostRefusal {
  return Object.hasOwn(POST_REFUSALS, verdict);
}

function refused(reason: PostRefusal, from: UserId): ImError {
  const { code, field, message } = toldRefusal(reason, from);
  return new ImError(code, message, { field });
}

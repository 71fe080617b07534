import {
  belongs,
  type ConversationId,
  type Group,
  ImError,
  isCurrent,
  isGroupId,
  type Member,
  maySee,
  maySeeMessage,
  messageAsSeenBy,
  mustBelong,
  NO_SUCH_GROUP,
  participantsOf,
  type StoredMessage,
  SYSTEM_USER,
  systemMember,
  type UserId,
  visibleIntervals,
} from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import { type KnownMember, readKnownMembers } from './known-members.ts';

type Groups = Pick<GroupStore, 'groups' | 'members'>;

/**
 * Who may do what with a conversation of either kind, by what the store says now. Direct conversations need no read.
 * Errors of every function: `store_unavailable`.
 */
export class ConversationAccess {
  readonly #groups: Groups;

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  /** Errors: `not_found` if the text is no conversation id; `not_a_member` if the user does not take part now. */
  async mustBelong(id: ConversationId, userId: UserId): Promise<void> {
    if (!isGroupId(id)) mustSee(id, userId);
    else await this.groupOf(id, userId);
  }

  /** A group of which the user is a member. Errors: as of `place`. */
  async groupOf(id: ConversationId, userId: UserId): Promise<{ group: Group; member: Member }> {
    const place = await this.place(id, userId);
    if (!isCurrent(place.member)) throw notAMember();
    return place;
  }

  /** A group that the user is or was in. Errors: `not_a_member`; to the system, which has all groups, `not_found`. */
  async place(id: ConversationId, userId: UserId): Promise<{ group: Group; member: Member }> {
    const [{ group, member } = {}] = await readKnownMembers(this.#groups, [{ conversationId: id, userId }]);
    if (userId === SYSTEM_USER) {
      if (group == null) throw new ImError('not_found', NO_SUCH_GROUP.message, { field: NO_SUCH_GROUP.field });
      return { group, member: systemMember(id) };
    }
    if (group == null || member == null || visibleIntervals(group, member).length === 0) throw notAMember();
    return { group, member };
  }

  /** The same for reading: those who were in a group may read what it had then. */
  async mustHaveBelonged(id: ConversationId, userId: UserId): Promise<void> {
    if (!isGroupId(id)) mustSee(id, userId);
    else await this.place(id, userId);
  }

  /** Those of these conversations that are groups, and what the user is or was in them; nulls: no group, never in it. */
  async places(userId: UserId, ids: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, KnownMember>> {
    const groupIds = [...new Set(ids)].filter((id) => isGroupId(id));
    if (groupIds.length === 0) return new Map();
    const keys = groupIds.map((conversationId) => ({ conversationId, userId }));
    const known = await readKnownMembers(this.#groups, keys);
    return new Map(known.map((place, index) => [groupIds[index] ?? '', place]));
  }

  /** The messages as the user may see them, in their order (C20); null for each of the others. */
  async visible<
    M extends Pick<StoredMessage, 'conversationId' | 'messageId' | 'from' | 'audience' | 'content' | 'editedAt'>,
  >(userId: UserId, messages: readonly (M | null)[]): Promise<(M | null)[]> {
    if (userId === SYSTEM_USER) return [...messages];
    const places = await this.places(
      userId,
      messages.flatMap((message) => message?.conversationId ?? []),
    );
    return messages.map((message) => {
      if (message === null) return null;
      const place = places.get(message.conversationId);
      if (place === undefined) return isVisibleDirectly(message, userId) ? message : null;
      const { group, member } = place;
      if (group == null || member == null || !maySeeMessage(group, member, message.messageId)) return null;
      return messageAsSeenBy(member, message);
    });
  }
}

/** Errors: `not_found` if the text is no id of a direct conversation; `not_a_member`, but for the system. */
function mustSee(id: ConversationId, userId: UserId): void {
  if (userId === SYSTEM_USER) participantsOf(id);
  else mustBelong(id, userId);
}

function isVisibleDirectly(
  message: Pick<StoredMessage, 'conversationId' | 'from' | 'audience'> | null,
  userId: UserId,
): boolean {
  return message !== null && belongs(message.conversationId, userId) && maySee(message, userId);
}

export function notAMember(): ImError {
  return new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}

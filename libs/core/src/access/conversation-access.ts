import {
  belongs,
  type ConversationId,
  type Group,
  ImError,
  isCurrent,
  isGroupId,
  type Member,
  type Message,
  maySee,
  maySeeMessage,
  mustBelong,
  NO_SUCH_GROUP,
  participantsOf,
  SYSTEM_USER,
  systemMember,
  type UserId,
  visibleIntervals,
} from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import { readKnownMembers } from './known-members.ts';

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

  /** The messages that the user may see, in their order (C20); null for each of the others. */
  async visible<M extends Pick<Message, 'conversationId' | 'messageId' | 'from' | 'audience'>>(
    userId: UserId,
    messages: readonly (M | null)[],
  ): Promise<(M | null)[]> {
    if (userId === SYSTEM_USER) return [...messages];
    const ids = [...new Set(messages.flatMap((message) => (message === null ? [] : [message.conversationId])))];
    const groupIds = ids.filter((id) => isGroupId(id));
    if (groupIds.length === 0) return messages.map((message) => (isVisibleDirectly(message, userId) ? message : null));
    const known = await readKnownMembers(
      this.#groups,
      groupIds.map((conversationId) => ({ conversationId, userId })),
    );
    const places = new Map(groupIds.map((id, index) => [id, known[index]]));
    return messages.map((message) => {
      if (message === null) return null;
      const place = places.get(message.conversationId);
      if (place === undefined) return isVisibleDirectly(message, userId) ? message : null;
      const { group, member } = place;
      return group != null && maySeeMessage(group, member, message.messageId) ? message : null;
    });
  }
}

/** Errors: `not_found` if the text is no id of a direct conversation; `not_a_member`, but for the system. */
function mustSee(id: ConversationId, userId: UserId): void {
  if (userId === SYSTEM_USER) participantsOf(id);
  else mustBelong(id, userId);
}

function isVisibleDirectly(
  message: Pick<Message, 'conversationId' | 'from' | 'audience'> | null,
  userId: UserId,
): boolean {
  return message !== null && belongs(message.conversationId, userId) && maySee(message, userId);
}

export function notAMember(): ImError {
  return new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}

import type { GroupMember, MembersPage, Notice } from '@chasqui/client';
import type {
  ConversationId,
  GroupProfile,
  GroupSettings,
  MessageId,
  Position,
  Role,
  SkippedUser,
  UserId,
} from '@chasqui/domain';
import { type Api, withQuery } from './api.ts';

/** A group, as its members see it. */
export interface GroupBody extends GroupProfile {
  conversationId: ConversationId;
  settings: GroupSettings;
  owner: UserId;
  memberCount: number;
  /** Rises with every change. */
  version: number;
  /** Unix ms. Absent: it exists. */
  dissolvedAt?: number;
  /** Absent: the user is not a member. */
  role?: Role;
  /** Unix ms until which the user may not post. Absent: may. */
  mutedUntil?: number;
}

/** Absent fields stay unchanged. */
export interface GroupChangeBody extends Partial<GroupProfile> {
  settings?: Partial<GroupSettings>;
}

export interface NewGroup extends GroupProfile {
  members: UserId[];
}

export interface GroupLink {
  linkId: string;
  createdBy: UserId;
  /** Unix ms. Absent: never. */
  expiresAt?: number;
  /** Absent: any number. */
  usesLeft?: number;
}

/** The group that a link leads to. */
export interface LinkPreview extends GroupProfile {
  conversationId: ConversationId;
  memberCount: number;
  needsApproval: boolean;
  isMember: boolean;
}

export interface JoinRequestBody {
  userId: UserId;
  displayName: string;
}

export interface ReadersPage {
  readers: { userId: UserId; at: number }[];
  nextCursor?: string;
}

export interface NoticesPage {
  /** Newest first. */
  notices: Notice[];
  nextBefore?: Position;
  /** Unix ms: all that happened since then is in this page, or in those before. Absent on the last page. */
  since?: number;
}

const part = encodeURIComponent;

/** The HTTP API for groups. A change is answered when it is applied. Errors: those of `Api`. */
export class GroupsApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** `key`: the same for each try, so that a repeated one makes no second group. */
  async create(group: NewGroup, key: string): Promise<{ group: GroupBody; skipped: SkippedUser[] }> {
    return await this.#api.call('POST', '/api/groups', group, key);
  }

  read(group: ConversationId): Promise<GroupBody> {
    return this.#api.call('GET', path(group));
  }

  update(group: ConversationId, change: GroupChangeBody): Promise<GroupBody> {
    return this.#api.call('PATCH', path(group), change);
  }

  dissolve(group: ConversationId): Promise<void> {
    return this.#api.call('DELETE', path(group));
  }

  leave(group: ConversationId): Promise<void> {
    return this.#api.call('POST', `${path(group)}/leave`);
  }

  /** `q`: only those whose name or id has a word that begins so; empty: all. */
  members(group: ConversationId, q = '', cursor?: string): Promise<MembersPage> {
    return this.#api.call('GET', withQuery(`${path(group)}/members`, { q: q || undefined, cursor, limit: 50 }));
  }

  /** What happened in the group before this position; absent: until now. */
  notices(group: ConversationId, before?: Position): Promise<NoticesPage> {
    return this.#api.call('GET', withQuery(`${path(group)}/notices`, { before, limit: 50 }));
  }

  async add(group: ConversationId, users: readonly UserId[]): Promise<SkippedUser[]> {
    const { skipped } = await this.#api.call<{ skipped: SkippedUser[] }>('POST', `${path(group)}/members`, { users });
    return skipped;
  }

  remove(group: ConversationId, userId: UserId): Promise<void> {
    return this.#api.call('DELETE', memberPath(group, userId));
  }

  setRole(group: ConversationId, userId: UserId, role: Exclude<Role, 'owner'>): Promise<void> {
    return this.#api.call('PUT', `${memberPath(group, userId)}/role`, { role });
  }

  transfer(group: ConversationId, userId: UserId): Promise<void> {
    return this.#api.call('POST', `${path(group)}/transfer`, { userId });
  }

  /** `until`: Unix ms; 0 ends it. */
  mute(group: ConversationId, { userId }: Pick<GroupMember, 'userId'>, until: number): Promise<void> {
    return this.#api.call('PUT', `${memberPath(group, userId)}/mute`, { until });
  }

  async links(group: ConversationId): Promise<GroupLink[]> {
    return (await this.#api.call<{ links: GroupLink[] }>('GET', `${path(group)}/links`)).links;
  }

  makeLink(group: ConversationId, expiresAt: number): Promise<{ linkId: string }> {
    return this.#api.call('POST', `${path(group)}/links`, { expiresAt });
  }

  endLink(group: ConversationId, linkId: string): Promise<void> {
    return this.#api.call('DELETE', `${path(group)}/links/${part(linkId)}`);
  }

  preview(linkId: string): Promise<LinkPreview> {
    return this.#api.call('GET', `/api/group-links/${part(linkId)}`);
  }

  join(linkId: string): Promise<{ conversationId: ConversationId; state: 'joined' | 'requested' }> {
    return this.#api.call('POST', `/api/group-links/${part(linkId)}/join`);
  }

  /** The oldest 50. */
  async requests(group: ConversationId): Promise<JoinRequestBody[]> {
    return (await this.#api.call<{ requests: JoinRequestBody[] }>('GET', `${path(group)}/requests`)).requests;
  }

  answer(group: ConversationId, userId: UserId, answer: 'approve' | 'decline'): Promise<unknown> {
    return this.#api.call('POST', `${path(group)}/requests/${answer}`, { users: [userId] });
  }

  readers(group: ConversationId, messageId: MessageId, cursor?: string): Promise<ReadersPage> {
    const place = `/api/conversations/${part(group)}/messages/${messageId}/readers`;
    return this.#api.call('GET', withQuery(place, { cursor, limit: 50 }));
  }
}

function path(group: ConversationId): string {
  return `/api/groups/${part(group)}`;
}

function memberPath(group: ConversationId, userId: UserId): string {
  return `${path(group)}/members/${part(userId)}`;
}

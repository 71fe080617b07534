import type { ConversationId, UserId } from '../conversation/conversation-id.ts';
import type { MessageId } from '../message-id.ts';

/** Highest first: each role may do what those after it may. */
export const ROLES = ['owner', 'admin', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** Who may do something: everybody in the group, or its admins and owner. */
export const ALLOWED = ['all', 'admins'] as const;
export type Allowed = (typeof ALLOWED)[number];

export interface GroupSettings {
  /** Who may post. `admins` makes it a channel. */
  post: Allowed;
  /** Who may add members, and make links. */
  add: Allowed;
  /** Who may change name, description and picture. */
  change: Allowed;
  /** Who may mention all. */
  mentionAll: Allowed;
  /** Who may see the list of members, and who has read a message. */
  seeMembers: Allowed;
  /** What a newcomer may read: everything, or what was sent since they joined. */
  history: 'all' | 'since_join';
  /** Whether somebody with a link joins at once, or asks an admin for approval. */
  join: 'open' | 'approval';
  /** Maximum number of members; at most the server's limit. */
  maxMembers: number;
}

/** `maxMembers` is the server's limit. */
export function defaultSettings(maxMembers: number): GroupSettings {
  return {
    post: 'all',
    add: 'all',
    change: 'all',
    mentionAll: 'admins',
    seeMembers: 'all',
    history: 'all',
    join: 'open',
    maxMembers,
  };
}

/** What members see of a group, and may change of it. */
export interface GroupProfile {
  /** 1–64 characters on one line. */
  name: string;
  /** 0–500 characters. */
  description: string;
  /** The address or the key of a picture, as the application likes; empty: none. At most 500 characters. */
  picture: string;
}

export interface Group extends GroupProfile {
  conversationId: ConversationId;
  settings: GroupSettings;
  owner: UserId;
  createdAt: number;
  memberCount: number;
  /** Rises with every change of the group or of its members, and no more once it is dissolved. */
  version: number;
  /** Unix ms; 0: it exists. A dissolved group can still be read by those who were in it, or left, and nothing else. */
  dissolvedAt: number;
  /** The highest id among its messages; empty: it has none. Ids rise with positions. */
  lastMessageId: MessageId | '';
  /** Who sent the last message. */
  lastFrom: UserId | '';
  /** As in conversation entries. */
  preview: string;
  /**
   * Unix ms at which the last message or change was recorded, or was sent if that is later: a list of what was updated
   * since a time lacks nothing that waited on the bus.
   */
  updatedAt: number;
}

/** Whether a member may do what is allowed to these. */
export function isAllowed(allowed: Allowed, role: Role): boolean {
  return allowed === 'all' || role !== 'member';
}

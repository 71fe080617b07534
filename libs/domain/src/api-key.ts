/** What a key of the server API may do. An open table: a route names the scope that it needs. */
export const API_SCOPES = {
  'messages:send': 'send messages as a user, as a bot or as the system',
  'messages:read': 'read history, search, reactions, unread counts and traces of all conversations',
  'files:read': 'read the files of messages',
  'files:write': 'upload files as any user, for messages that are imported or sent',
  'messages:delete': 'delete messages for everybody',
  'users:read': 'read and list users',
  'users:write': 'create, change, disable and enable users, and end their sessions',
  'users:erase': 'erase users for good, and their messages',
  'holds:manage': 'place, list and release legal holds',
  'holds:read': 'read deleted messages that a legal hold keeps',
  'versions:read': 'read what messages said before they were edited, where that is kept',
  'groups:read': 'read groups and their members',
  'groups:write': 'create and change groups, as any user or as the system',
  'events:read': 'read server events',
  'imports:write': 'import users, groups and history',
  'hooks:manage': 'manage webhook endpoints, to which all server events can be sent',
  'exports:read': 'export conversations and the data of users',
} as const satisfies Record<string, string>;

export type ApiScope = keyof typeof API_SCOPES;

/** Of a key's id. */
export const API_KEY_ID_PATTERN = '^[0-9a-f]{16}$';

/** A key of the server API. Its secret is known to its owner alone. */
export interface ApiKey {
  /** 16 hexadecimal digits. */
  keyId: string;
  /** For people: at most 64 characters. */
  name: string;
  scopes: readonly ApiScope[];
  /** SHA-256 of the secret, as 64 hexadecimal digits. */
  secretHash: string;
  /** The same of the secret before the last rotation, which is valid until `formerUntil`. Empty: none. */
  formerHash: string;
  /** Unix ms. */
  formerUntil: number;
  /** The rate limit, in requests a second; each item of a batch counts as one. */
  perSecond: number;
  /** Unix ms. */
  createdAt: number;
  /** Unix ms; 0: never. */
  expiresAt: number;
  /** Unix ms, to the minute; 0: never. */
  lastUsedAt: number;
  /** Unix ms; 0: it is not revoked. */
  revokedAt: number;
}

export const API_KEY_LIMITS = {
  /** Keys of an installation. At the bound, the key that was revoked first is removed; without one: `limit_reached`. */
  maxKeys: 200,
  /** The last use of a key is written once in this time, in ms. */
  lastUseStepMs: 60_000,
  maxNameLength: 64,
} as const;

import type { AttachedFile } from './attachment.ts';
import type { UserId } from './conversation/conversation-id.ts';

/** A place on the earth (WGS 84). */
export interface Location {
  /** Degrees, −90 to 90. */
  latitude: number;
  /** Degrees, −180 to 180. */
  longitude: number;
  /** What the place is called. */
  name?: string;
  address?: string;
}

/** A user of the server, as a card that others can open. */
export interface ContactCard {
  userId: UserId;
  /** What the sender calls the user. */
  name?: string;
}

/** What the user wrote. At least one part is present. */
export interface MessageContent {
  /** Plain text, searchable. */
  text?: string;
  /** The application's own JSON, carried and stored as it is. */
  data?: { [key: string]: unknown };
  location?: Location;
  contact?: ContactCard;
  /** Files, at most `ATTACHMENT_LIMITS.maxPerMessage`. */
  attachments?: readonly AttachedFile[];
}

/** Bounds of the checked parts of a content, in characters. */
export const CONTENT_LIMITS = { maxNameLength: 200, maxAddressLength: 500 } as const;

/** What people are told that a message is. It follows from the parts of its content. */
export const CONTENT_KINDS = ['location', 'contact', 'attachments', 'text', 'data', 'empty'] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

const PARTS = CONTENT_KINDS.filter((kind) => kind !== 'empty');

/**
 * The first of `CONTENT_KINDS` that the content has; other parts go with it, as a text with a location. `empty`: it was
 * recalled, or has only parts that a newer version wrote.
 */
export function contentKind(content: MessageContent): ContentKind {
  return PARTS.find((kind) => content[kind] !== undefined) ?? 'empty';
}

import type { ClientFrameType } from '@chasqui/protocol';

/**
 * What is asked of a node costs units of work; one is about 10 µs of a core, all parts and engines together. Every frame
 * costs `FRAME`, a unit for each `CHARACTERS_PER_UNIT` of it (bytes, where it is binary), and what its type costs beyond
 * that: the events that it makes, and what the stores and presence are asked for.
 */
export const FRAME = 2;
export const CHARACTERS_PER_UNIT = 256;

export const FRAME_COSTS = {
  login: 50,
  chat: 5,
  ack: 5,
  sync_offline_messages: 10,
  confirm_messages_synced: 20,
  typing: 5,
  presence_subscribe: 5,
  recall: 20,
  ping: 0,
  logout: 0,
} as const satisfies { readonly [T in ClientFrameType]: number };

/** For each item of a frame, beside that. */
export const ITEM_COSTS = {
  /** An acked message that the node did not push to this user and wait for, nor send in a page before. */
  strangeAck: 1,
  /** A user whose presence the session did not watch before. */
  freshWatch: 10,
  /** One that it did. */
  watchAgain: 1,
  /** An update of a sync page. */
  update: 1,
} as const;

/** A frame that is refused, beside what it cost until then. */
export const REFUSAL = 3;

/** What an address pays for a connection and its first frame. Given back once the connection is logged in. */
export const CONNECTION = 10;
export const FIRST_FRAME = 20;

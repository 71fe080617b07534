import type { ClientFrameType } from '@chasqui/protocol';

/**
 * A request costs a node units of work. One unit is about 10 µs of a core, all parts and engines together. Every frame
 * costs `FRAME`, one unit for each `CHARACTERS_PER_UNIT` of its length (bytes if it is binary), and the cost of its
 * type: the events that it makes and the reads that it causes in the stores and presence.
 */
export const FRAME = 2;
export const CHARACTERS_PER_UNIT = 256;

/**
 * What is applied alone, after the one before it: each holds up its shard for some commits, though it takes little of a
 * core. At this cost a user makes no more of them than a store on a slow disk commits.
 */
const ONE_AFTER_ANOTHER = 400;

export const FRAME_COSTS = {
  login: 50,
  chat: 5,
  ack: 5,
  sync_offline_messages: 10,
  sync: 20,
  groups: 20,
  confirm_messages_synced: 20,
  typing: 5,
  presence_subscribe: 5,
  recall: ONE_AFTER_ANOTHER,
  action: ONE_AFTER_ANOTHER,
  ping: 0,
  logout: 0,
} as const satisfies { readonly [T in ClientFrameType]: number };

/** Added for each item of a frame. */
export const ITEM_COSTS = {
  /** An acked message that this node neither awaits this user's ack for nor sent in a page. */
  strangeAck: 1,
  /** A user whose presence the session did not watch before. */
  freshWatch: 10,
  /** A user whose presence the session watched before. */
  watchAgain: 1,
  /** A message that has the content of another one, which is read. */
  forward: 20,
  /** An update of a sync page. */
  update: 1,
} as const;

/** Added for a frame that is refused. */
export const REFUSAL = 3;

/** What an address pays for a connection and its first frame. It is given back once the connection is logged in. */
export const CONNECTION = 10;
export const FIRST_FRAME = 20;

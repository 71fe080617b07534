import type { ConversationId, MessageId, Position, ReceiptState, UserId } from '@chasqui/domain';

/** A message as its sender means it: `from/clientMessageId`. */
export type Identity = string;

/** One install of a client, over all its runs: `user/deviceId`. */
export type DeviceName = string;

export function identityOf(from: UserId, clientMessageId: string): Identity {
  return `${from}/${clientMessageId}`;
}

export function deviceName(user: UserId, deviceId: string): DeviceName {
  return `${user}/${deviceId}`;
}

/** How far a device shows a message to be; `failed` stands beside the order. */
export type ShownState = 'sending' | 'queued' | 'stored' | ReceiptState | 'failed';

/** One message on a screen. */
export interface ViewItem {
  identity: Identity;
  messageId: MessageId | '';
  state: ShownState;
  mine: boolean;
  provisional: boolean;
}

/** The user writes a message on a device. `answers`: the last message of the peer that the device shows. */
export interface Submitted {
  type: 'submitted';
  device: DeviceName;
  identity: Identity;
  to: UserId;
  text: string;
  /** Its writer does not send again what had no answer: it need not arrive. */
  careless?: true;
  answers?: { identity: Identity; messageId: MessageId; provisional: boolean };
}

/**
 * A node sends a `send_ack` (queued) or a `server_ack` (stored). `held`: whether, at that moment, the bus (queued) or
 * message, conversations and logs (stored) have it; absent where nobody looked.
 */
export interface Acked {
  type: 'acked';
  level: 'queued' | 'stored';
  device: DeviceName;
  identity: Identity;
  messageId: MessageId;
  held?: boolean;
}

/** The server, or the client library in its place, refuses a message for good: it must not exist. */
export interface Refused {
  type: 'refused';
  device: DeviceName;
  identity: Identity;
  text: string;
  code: string;
}

/** A device shows a message that came from the server. */
export interface Shown {
  type: 'shown';
  device: DeviceName;
  run: number;
  identity: Identity;
  messageId: MessageId;
  provisional: boolean;
}

/** A device takes a provisional message off the screen. */
export interface Retracted {
  type: 'retracted';
  device: DeviceName;
  run: number;
  identity: Identity;
}

/** A conversation's screen changed. */
export interface Viewed {
  type: 'viewed';
  device: DeviceName;
  run: number;
  conversationId: ConversationId;
  items: ViewItem[];
}

/** A device learns what became of its user's messages. */
export interface Receipt {
  type: 'receipt';
  device: DeviceName;
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds: MessageId[];
  upTo?: MessageId;
}

/** A page of the inbox reaches a device. `after`: the position that was asked for. */
export interface Page {
  type: 'page';
  device: DeviceName;
  after: Position;
  positions: (Position | undefined)[];
  position: Position;
  caughtUp: unknown;
  reset: boolean;
}

/** A device tells the server that it has everything up to a position. */
export interface Confirmed {
  type: 'confirmed';
  device: DeviceName;
  position: Position;
}

/** A device's program dies without having been able to write anything down. */
export interface Killed {
  type: 'killed';
  device: DeviceName;
  run: number;
  /** When it last ran, on the history's clock, if it had stood still since. */
  ranUntil?: number;
}

/** A fault begins or ends, or something else worth telling in a story. */
export interface Noted {
  type: 'noted';
  text: string;
}

export type HistoryEvent =
  | Submitted
  | Acked
  | Refused
  | Shown
  | Retracted
  | Viewed
  | Receipt
  | Page
  | Confirmed
  | Killed
  | Noted;

/** An event and when it was seen, in ms of one clock for all. Events are in the order in which they were seen. */
export type HistoryRecord = HistoryEvent & { at: number };

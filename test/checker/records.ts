import type {
  ChangeDetails,
  ChangeName,
  ConversationId,
  ForwardRequest,
  Mentions,
  MessageId,
  Position,
  ReceiptState,
  UserId,
} from '@chasqui/domain';

/** Names a message by its sender and the sender's key: `from/clientMessageId`. */
export type Identity = string;

/** One install of a client, over all its runs: `user/deviceId`. */
export type DeviceName = string;

export function identityOf(from: UserId, clientMessageId: string): Identity {
  return `${from}/${clientMessageId}`;
}

export function deviceName(user: UserId, deviceId: string): DeviceName {
  return `${user}/${deviceId}`;
}

/** The state in which a device shows a message; `failed` is outside the order. */
export type ShownState = 'sending' | 'queued' | 'stored' | ReceiptState | 'failed';

/** One message on a screen. */
export interface ViewItem {
  identity: Identity;
  messageId: MessageId | '';
  state: ShownState;
  mine: boolean;
  provisional: boolean;
}

/** The user writes a message on a device. `answers`: the peer's last message that the device shows. */
export interface Submitted {
  type: 'submitted';
  device: DeviceName;
  identity: Identity;
  /** The receiver, or the group. */
  to: UserId | ConversationId;
  text: string;
  /** Only in groups. */
  mentions?: Mentions;
  /** Its sender does not retry without an answer: it may be lost. */
  careless?: true;
  answers?: { identity: Identity; messageId: MessageId; provisional: boolean };
  /** It is a forward: `text` is what the device shows of the other message. */
  forwardOf?: ForwardRequest;
}

/** A device sends a forward to a node, for the first time or again. */
export interface Forwarded {
  type: 'forwarded';
  device: DeviceName;
  identity: Identity;
}

/** The user edits a message on a device. */
export interface Edited {
  type: 'edited';
  device: DeviceName;
  identity: Identity;
  messageId: MessageId;
  text: string;
}

/** The device learns what became of an edit. `refusal`: the server's final one; null: it is done. */
export interface EditAnswered {
  type: 'edit_answered';
  device: DeviceName;
  messageId: MessageId;
  text: string;
  refusal: string | null;
}

/** The API has answered that a message is hidden from the user. */
export interface Hid {
  type: 'hid';
  user: UserId;
  messageId: MessageId;
}

/**
 * A node sends a `send_ack` (queued) or a `server_ack` (stored). `held`: whether, at that moment, the bus (queued) or
 * message, conversations and logs (stored) had it; absent if the engines were not inspected.
 */
export interface Acked {
  type: 'acked';
  level: 'queued' | 'stored';
  device: DeviceName;
  identity: Identity;
  messageId: MessageId;
  held?: boolean;
}

/** The server, or the client library on its behalf, refuses a message for good: it must not be stored. */
export interface Refused {
  type: 'refused';
  device: DeviceName;
  identity: Identity;
  text: string;
  code: string;
}

/** A device gets the server's final refusal of one of its messages, or of another frame with that ref. */
export interface Told {
  type: 'told_refused';
  device: DeviceName;
  identity: Identity;
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

/** A device removes a provisional message from the screen. */
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

/** A device learns the status of its user's messages. */
export interface Receipt {
  type: 'receipt';
  device: DeviceName;
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds: MessageId[];
  upTo?: MessageId;
}

/** A page of the inbox reaches a device. `after`: the requested position. */
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

/** A device's program is killed without writing anything down. */
export interface Killed {
  type: 'killed';
  device: DeviceName;
  run: number;
  /** When it last ran, on the history's clock, if it was frozen since. */
  ranUntil?: number;
}

/** A user asks for a change of a group. */
export interface Asked {
  type: 'asked';
  /** The idempotency key. */
  key: string;
  by: UserId;
  group: ConversationId;
  change: ChangeName;
  details: ChangeDetails[ChangeName];
}

/** The API answers: the change is applied, or refused for good with this code. */
export interface Answered {
  type: 'answered';
  key: string;
  refusal: string | null;
  /** Those whom it concerned. */
  users: readonly UserId[];
  /** The group's version since then; 0 if refused. */
  version: number;
}

/** A fault begins or ends, or another event that a story should mention. */
export interface Noted {
  type: 'noted';
  text: string;
}

export type HistoryEvent =
  | Submitted
  | Acked
  | Refused
  | Told
  | Forwarded
  | Edited
  | EditAnswered
  | Hid
  | Shown
  | Retracted
  | Viewed
  | Receipt
  | Page
  | Confirmed
  | Killed
  | Asked
  | Answered
  | Noted;

/** An event and when it was recorded, in ms of one shared clock. Events are in the order of recording. */
export type HistoryRecord = HistoryEvent & { at: number };

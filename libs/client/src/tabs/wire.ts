import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import type { MessageToSend } from '../sending/message-to-send.ts';
import type { Call } from './calls.ts';
import type { KnownKeys, Snapshot } from './snapshot.ts';
import type { WireError } from './wire-error.ts';
import type { WireEvent } from './wire-event.ts';

/** Of these messages. A tab waits while the leader is one of another version; `ping` and `leads` are the same in all. */
export const VERSION = 1;

/** What a tab is interested in for as long as it is open. */
export interface Interest {
  /** Whether the client shall be connected. */
  isOnline: boolean;
  /** The groups that it has open. */
  groups: readonly ConversationId[];
  /** The users whose presence it watches. */
  presence: readonly UserId[];
}

/** Where the server has a message. */
export interface MessagePlace {
  conversationId: ConversationId | '';
  messageId: MessageId;
}

/** What a tab asks the leader for: until it is answered, it asks each new leader again. */
export type Request = Call | { name: 'send'; message: MessageToSend & { clientMessageId: string } };

/** `place`: of a message that was sent, once it is stored. */
export type Outcome = { result: unknown } | { place: MessagePlace } | { error: WireError };

/** What a tab tells the leader. `tab`: its random name. */
export type FromTab =
  | { type: 'ping'; tab: string; leader: string }
  | { type: 'hello'; tab: string; leader: string; interest: Interest; known: KnownKeys }
  | { type: 'interest'; tab: string; leader: string; interest: Interest }
  /** `id`: of the request; the answer has it. */
  | { type: 'request'; tab: string; leader: string; id: number; request: Request }
  | { type: 'bye'; tab: string };

/** What the leader tells. `to`: the tab that it is for; without it, all. `sequence`: the number of its last event. */
export type FromLeader =
  | { type: 'leads'; leader: string; version: number; isReady: boolean; sequence: number }
  | { type: 'event'; leader: string; sequence: number; event: WireEvent }
  | { type: 'snapshot'; leader: string; to: string; sequence: number; snapshot: Snapshot }
  /** The tab was silent for long. */
  | { type: 'forgot'; leader: string; to: string }
  /** A group that the tab has opened. */
  | { type: 'part'; leader: string; to: string; snapshot: Snapshot }
  /** The message of this request is queued. */
  | { type: 'queued'; leader: string; to: string; id: number; place: MessagePlace }
  | { type: 'answer'; leader: string; to: string; id: number; outcome: Outcome };

export type ChannelMessage = FromTab | FromLeader;

const FROM_TABS: readonly string[] = ['ping', 'hello', 'interest', 'request', 'bye'] satisfies FromTab['type'][];

export function isFromTab(message: ChannelMessage): message is FromTab {
  return FROM_TABS.includes(message.type);
}

export {
  ALLOWED,
  type Allowed,
  type Clock,
  type ConversationId,
  type ConversationState,
  ERROR_CODES,
  type ErrorCode,
  type GroupProfile,
  type GroupSettings,
  ImError,
  type ImErrorDetails,
  knownErrorCode,
  MEMBERSHIP_EVENTS,
  MESSAGE_STATUSES,
  type MembershipEvent,
  type Mentions,
  type MessageContent,
  type MessageId,
  type MessageStatus,
  type MomentId,
  NOTICE_NAMES,
  NOTIFY_LEVELS,
  type NoticeName,
  type NotifyLevel,
  type Position,
  type Random,
  type ReceiptState,
  type Retry,
  ROLES,
  type Role,
  type SparseState,
  type StateChange,
  type Timer,
  type UserId,
} from '@chasqui/domain';
export type { ChatMessage, MessageState } from './chat-message.ts';
export type {
  Client,
  ClientOf,
  ConversationName,
  FullClient,
  GroupCalls,
  RecallCalls,
  StateCalls,
} from './client.ts';
export type { ConversationView } from './conversation-view.ts';
export { createClient } from './create-client.ts';
export type { DatabaseBounds } from './database/bounds.ts';
export type { ClientEvents, ClientState, GroupEvents, MessageShown, MessageUpdated, StateEvent } from './events.ts';
export { GROUP_LIMITS, type GroupLimits } from './group-limits.ts';
export type { GroupMember, MembersPage, MembersQuery } from './group-members.ts';
export type { GroupHead, MembershipNews, Notice } from './group-news.ts';
export type { GroupView } from './group-view.ts';
export { CLIENT_LIMITS, type ClientLimits } from './limits.ts';
export type { LocalPage } from './local-page.ts';
export { type FetchNodes, type NodeAddress, nodeUrl } from './node-list.ts';
export type { ClientOptions } from './options.ts';
export type { Outgoing, Progress } from './outgoing.ts';
export type { GroupSupport, PartName, PartsOf, RecallSupport, StateSupport } from './parts.ts';
export type { SendState } from './send-state.ts';
export type { MessageToSend } from './sender.ts';
export { type ClientDatabase, type ClientStore, localStorageStore, memoryStore } from './store.ts';
export type { OpenChannel, TabChannel } from './tabs/channel.ts';
export type { TabLocks } from './tabs/leadership.ts';
export type { TokenSource } from './token-source.ts';
export {
  type Socket,
  type SocketHandlers,
  type Transport,
  type WebSocketConstructor,
  type WebSocketLike,
  webSocketTransport,
} from './transport.ts';

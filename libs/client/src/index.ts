export {
  ALLOWED,
  type Allowed,
  type AttachedFile,
  type AttachedMedia,
  type AttachmentId,
  type Clock,
  type ContactCard,
  type ConversationId,
  type ConversationState,
  ERROR_CODES,
  type ErrorCode,
  type ForwardOrigin,
  type ForwardRequest,
  type GroupProfile,
  type GroupSettings,
  ImError,
  type ImErrorDetails,
  knownErrorCode,
  type Location,
  MEMBERSHIP_EVENTS,
  MESSAGE_STATUSES,
  type MediaFacts,
  type MediaOmission,
  type MembershipEvent,
  type Mentions,
  type MessageContent,
  type MessageId,
  type MessageReference,
  type MessageStatus,
  type MomentId,
  NOTICE_NAMES,
  NOTIFY_LEVELS,
  type NoticeName,
  type NotifyLevel,
  type PictureSide,
  type Position,
  type Random,
  type Reactor,
  type ReceiptState,
  type Retry,
  ROLES,
  type Role,
  type SparseState,
  type StateChange,
  type ThumbnailSize,
  type Timer,
  type UserId,
} from '@chasqui/domain';
export type { Client, ClientOf, FullClient } from './client.ts';
export { type FetchNodes, type NodeAddress, nodeUrl } from './connection/node-list.ts';
export type { TokenSource } from './connection/token-source.ts';
export {
  type Socket,
  type SocketHandlers,
  type Transport,
  type WebSocketConstructor,
  type WebSocketLike,
  webSocketTransport,
} from './connection/transport.ts';
export type { ChatMessage, MessageState } from './conversations/chat-message.ts';
export type { ConversationName } from './conversations/conversation-name.ts';
export type { ConversationView, WithState } from './conversations/conversation-view.ts';
export type { LocalPage } from './conversations/local-page.ts';
export {
  joinedReactions,
  type ReactedMessage,
  type ShownReactions,
  withReaction,
} from './conversations/shown-reactions.ts';
export { createClient } from './create-client.ts';
export type { DatabaseBounds } from './database/bounds.ts';
export type { ClientEvents, ClientState, GroupEvents, MessageShown, MessageUpdated, StateEvent } from './events.ts';
export { GROUP_LIMITS, type GroupLimits } from './groups/group-limits.ts';
export type { GroupMember, MembersPage, MembersQuery } from './groups/group-members.ts';
export type { GroupHead, MembershipNews, Notice } from './groups/group-news.ts';
export type { GroupView } from './groups/group-view.ts';
export { CLIENT_LIMITS, type ClientLimits } from './limits.ts';
export type { ClientOptions } from './options.ts';
export type {
  ActionCalls,
  GroupCalls,
  GroupStateCalls,
  ReactorsPage,
  ReactorsQuery,
  RecallCalls,
  StateCalls,
} from './part-calls.ts';
export { PART_LIMITS, type PartLimits } from './part-limits.ts';
export type { ActionSupport, GroupSupport, PartName, PartsOf, RecallSupport, StateSupport } from './parts.ts';
export { type ForwardableMessage, type ForwardTarget, forwardMessages } from './sending/forward-messages.ts';
export type { MessageToSend } from './sending/message-to-send.ts';
export type { Outgoing, Progress } from './sending/outgoing.ts';
export type { SendState } from './states/send-state.ts';
export { type ClientDatabase, type ClientStore, localStorageStore, memoryStore } from './storing/store.ts';
export type { OpenChannel, TabChannel } from './tabs/channel.ts';
export type { TabLocks } from './tabs/leadership.ts';
export type {
  Attachments,
  AttachmentsOptions,
  FileLink,
  LinkOptions,
  PictureOptions,
  Pictures,
  PicturesOptions,
  Upload,
  UploadOptions,
  UploadProgress,
  UploadState,
} from './uploads.ts';

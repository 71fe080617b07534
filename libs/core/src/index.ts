export * from './access/block-list.ts';
export * from './access/conversation-access.ts';
export * from './access/group-access.ts';
export * from './access/known-members.ts';
export * from './access/known-user.ts';
export * from './access/presence-visibility.ts';
export * from './access/session-cut-offs.ts';
export * from './audit/audit-trail.ts';
export * from './delivery/delivery-router.ts';
export {
  hiddenChatFrame,
  liveChatText,
  type MessageView,
  shownReactions,
  storedChatFrame,
} from './delivery/frames.ts';
export * from './delivery/group-head.ts';
export * from './delivery/hidden-messages.ts';
export * from './delivery/log-reader.ts';
export * from './delivery/membership-notices.ts';
export * from './delivery/node-directory.ts';
export * from './delivery/quotes.ts';
export * from './delivery/read-state.ts';
export * from './delivery/recent-messages.ts';
export * from './delivery/seen-reactions.ts';
export * from './delivery/unread-reader.ts';
export * from './delivery/update-frames.ts';
export * from './delivery/visible-now.ts';
export * from './events/bus-body.ts';
export * from './events/event-codec.ts';
export * from './events/event-consumer.ts';
export * from './events/event-consumer-options.ts';
export * from './events/event-formats.ts';
export * from './events/event-publisher.ts';
export type { EventRules, EventVerdict } from './events/event-rules.ts';
export * from './events/event-schemas.ts';
export * from './events/newer-events.ts';
export * from './events/push-event-schemas.ts';
export * from './events/recall-by-system.ts';
export * from './events/shard-progress.ts';
export * from './events/topic-rules.ts';
export * from './events/watch-backlog.ts';
export * from './events/withdraw-reactions.ts';
export { drainInstallation, endMove, type MovedTotal, type MoveOptions, moveInstallation } from './moving/move.ts';
export { waitingIn } from './moving/move-checks.ts';
export type { MovedPart, MovingEngines } from './moving/moved-parts.ts';
export { ReadOnlyMode } from './moving/read-only-mode.ts';
export * from './server-events/endpoint-changes.ts';
export { MAX_ENDPOINT_DESCRIPTION, MAX_ENDPOINT_URL, type WebhookRule } from './server-events/endpoint-checks.ts';
export * from './server-events/group-events.ts';
export * from './server-events/message-events.ts';
export * from './server-events/server-event-feed.ts';
export * from './server-events/server-event-rules.ts';
export { SERVER_EVENT_DATA } from './server-events/server-event-schemas.ts';
export * from './server-events/user-events.ts';
export * from './server-events/wanted-events.ts';
export * from './server-events/webhook-endpoints.ts';

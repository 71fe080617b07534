export { checkHistory } from './check-history.ts';
export { checkReactions, type ReactedTo, type ReactingDevice } from './checks/reactions.ts';
export {
  checkWebhooks,
  directMessages,
  eventIdOf,
  type LoggedMessage,
  type WebhookRequest,
} from './checks/webhooks.ts';
export { BLIND_MS, type SentFrame } from './groups/evidence.ts';
export { judgeGroups } from './groups/judge.ts';
export { History } from './history.ts';
export type { LivingDevice, MessageLife, Version } from './life/evidence.ts';
export { judgeLives } from './life/judge.ts';
export type * from './outcome.ts';
export { type Draft, recordClient, submit, viewOf } from './record-client.ts';
export { ackRecord, recordTransport } from './record-transport.ts';
export * from './records.ts';
export type { Contract, Violation } from './violation.ts';

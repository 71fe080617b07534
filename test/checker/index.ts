export { checkHistory } from './check-history.ts';
export { History } from './history.ts';
export type * from './outcome.ts';
export { recordClient, submit, viewOf } from './record-client.ts';
export { ackRecord, recordTransport } from './record-transport.ts';
export * from './records.ts';
export type { Contract, Violation } from './violation.ts';

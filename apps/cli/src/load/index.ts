export * from './fetch-nodes.ts';
export * from './histogram.ts';
export * from './inbox-check.ts';
export * from './load-crowd.ts';
export { LoadUser } from './load-user.ts';
export * from './message-tally.ts';
export { RawSocket } from './raw-socket.ts';
export * from './result-table.ts';
export * from './run-load.ts';

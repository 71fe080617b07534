export * from './bus.ts';
export * from './ledger.ts';
export { LedgerState } from './ledger-state.ts';
export * from './messages.ts';
export * from './search.ts';

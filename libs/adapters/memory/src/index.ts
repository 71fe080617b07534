export * from './bus.ts';
export * from './ledger.ts';
export { LedgerState } from './ledger-state.ts';

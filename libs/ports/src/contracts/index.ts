export type { Harness } from './harness.ts';
export * from './manual-clock.ts';
export * from './message-bus.ts';
export type { BusHarness } from './message-bus-fixture.ts';
export * from './sessions.ts';
export type { Ledger, LedgerHarness } from './sessions-fixture.ts';

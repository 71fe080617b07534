export * from './on-own-engines.ts';
export * from './open-consumer-status.ts';
export * from './open-runtime.ts';

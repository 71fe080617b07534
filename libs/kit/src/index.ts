export * from './batcher.ts';
export * from './config-reader.ts';
export * from './lifecycle.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './retry.ts';
export * from './status-server.ts';
export * from './system-clock.ts';

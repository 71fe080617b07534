/**
 * What needs no package: for worker threads, of which a server starts many, and for each of which loading costs time and
 * memory.
 */
export * from './batcher.ts';
export * from './beat.ts';
export * from './clocks.ts';
export * from './collect-after-start.ts';
export * from './data-folder.ts';
export * from './data-option.ts';
export * from './in-parallel.ts';
export * from './recent-map.ts';
export * from './retry.ts';
export * from './thread-priority.ts';

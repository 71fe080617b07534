export * from './delivery-router.ts';
export * from './event-codec.ts';
export * from './event-publisher.ts';
export * from './frames.ts';
export * from './inbox-reader.ts';
export * from './node-directory.ts';
export * from './unread-reader.ts';

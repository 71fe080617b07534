export * from './client-frames.ts';
export * from './close-codes.ts';
export * from './codec.ts';
export * from './fields.ts';
export * from './http-status.ts';
export * from './server-frames.ts';
export * from './validate.ts';

export type { BlobsConfig, S3Config } from './config.ts';
export { openBlobs } from './open-blobs.ts';

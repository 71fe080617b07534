import type { Clock, Random } from '@chasqui/domain';
import type { BlobStore } from '@chasqui/ports';
import type { BlobsConfig } from './config.ts';
import { openFolderBlobs } from './folder-blobs.ts';
import { createS3Blobs } from './s3-blobs.ts';

/** Errors: `config_invalid` if the folder cannot be used. An S3 store may be away; its calls then fail. */
export async function openBlobs(config: BlobsConfig, parts: { clock: Clock; random: Random }): Promise<BlobStore> {
  return 'folder' in config ? openFolderBlobs(config.folder) : createS3Blobs({ config: config.s3, ...parts });
}

export type { BlobsConfig, S3Config } from './config.ts';

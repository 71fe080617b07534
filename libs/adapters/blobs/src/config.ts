import { join } from 'node:path';
import type { ConfigReader } from '@chasqui/kit';

export interface S3Config {
  /** Without the bucket, for example `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: string;
  /** The same store as clients reach it: their signed addresses begin with it. Default: `endpoint`. */
  publicEndpoint: string;
  /** How long signed addresses are valid, seconds. */
  linkS: number;
  region: string;
  bucket: string;
  /** Prefix of each key; empty or ending in `/`. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Deadline of one call, including all attempts, ms. */
  deadlineMs: number;
}

/** Where pictures and attachments are kept: a folder, or a bucket of an S3-compatible store. */
export type BlobsConfig = { folder: string } | { s3: S3Config };

const PREFIX = /^(?:[A-Za-z0-9._-]+\/)*$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Reads only the keys of the chosen store. */
export function readBlobsConfig(reader: ConfigReader, dataDir: string): BlobsConfig {
  if (reader.oneOf('CHASQUI_BLOBS', ['folder', 's3'], 'folder') === 'folder') {
    return { folder: reader.optional('CHASQUI_BLOBS_FOLDER') ?? join(dataDir, 'blobs') };
  }
  const endpoint = reader.parsed('CHASQUI_S3_ENDPOINT', 'https://s3.us-east-1.amazonaws.com', endpointOf);
  return {
    s3: {
      endpoint,
      publicEndpoint: reader.parsed('CHASQUI_S3_PUBLIC_ENDPOINT', endpoint, endpointOf),
      linkS: reader.integer('CHASQUI_S3_LINK_S', 300, { min: 10, max: 3600 }),
      region: reader.text('CHASQUI_S3_REGION', 'us-east-1'),
      bucket: reader.parsed('CHASQUI_S3_BUCKET', 'chasqui', matching(BUCKET, 'must be the name of a bucket')),
      prefix: reader.parsed('CHASQUI_S3_PREFIX', '', matching(PREFIX, 'must be empty or a path that ends in /')),
      accessKeyId: reader.text('CHASQUI_S3_ACCESS_KEY_ID'),
      secretAccessKey:
        reader.secret('CHASQUI_S3_SECRET_ACCESS_KEY', { minLength: 8 }) ?? reader.text('CHASQUI_S3_SECRET_ACCESS_KEY'),
      deadlineMs: reader.integer('CHASQUI_S3_DEADLINE_MS', 8_000, { min: 100, max: 60_000 }),
    },
  };
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.username !== '' ||
    url.password !== '' ||
    url.hash !== ''
  ) {
    throw new Error('must be an http(s) address without a path');
  }
  return url.origin;
}

function matching(pattern: RegExp, meant: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new Error(meant);
    return text;
  };
}

import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { S3Config } from '../config.ts';

/** Gives the bucket rules for pages of other origins. @param body as `PutBucketCors` takes it. Errors: the answer. */
export async function putBucketRules(config: S3Config, body: string): Promise<void> {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = config;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' });
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
  const answer = await client.fetch(`${endpoint}/${bucket}?cors=`, { method: 'PUT', body, headers });
  if (!answer.ok) throw new Error(`the bucket takes no rules: ${await answer.text()}`);
}

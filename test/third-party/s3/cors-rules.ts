import { readFile } from 'node:fs/promises';
import type { S3Config } from '@chasqui/blobs/config';
import { putBucketRules } from '../../../libs/adapters/blobs/src/testing/put-bucket-rules.ts';

interface Rule {
  AllowedOrigins: string[];
  AllowedMethods: string[];
  AllowedHeaders: string[];
  ExposeHeaders: string[];
  MaxAgeSeconds: number;
}

/** The rules that docs/operations.md tells operators to give their bucket, for these origins. */
async function documentedRules(origins: string[]): Promise<Rule[]> {
  const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const [, json = ''] = /`(\{"CORSRules": .*\})`/.exec(text) ?? [];
  return (JSON.parse(json).CORSRules as Rule[]).map((rule) => ({ ...rule, AllowedOrigins: origins }));
}

/** Gives the bucket the documented rules. */
export async function allowOrigins(config: S3Config, origins: string[]): Promise<void> {
  const each = (name: string, values: string[]) => values.map((value) => `<${name}>${value}</${name}>`).join('');
  const rules = (await documentedRules(origins)).map(
    (rule) =>
      `<CORSRule>${each('AllowedOrigin', rule.AllowedOrigins)}${each('AllowedMethod', rule.AllowedMethods)}${each('AllowedHeader', rule.AllowedHeaders)}${each('ExposeHeader', rule.ExposeHeaders)}<MaxAgeSeconds>${rule.MaxAgeSeconds}</MaxAgeSeconds></CORSRule>`,
  );
  const body = `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rules.join('')}</CORSConfiguration>`;
  await putBucketRules(config, body);
}

import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * Checks a request's Signature Version 4, computed from what the server received (AWS, "Create a signed AWS API
 * request"). Null: valid; else the fault.
 */
export function signatureFault(
  request: IncomingMessage,
  body: Uint8Array,
  keys: { accessKeyId: string; secretAccessKey: string; region: string },
): string | null {
  const { authorization = '' } = request.headers;
  const found = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  if (found === null) return 'no signature';
  const [, credential = '', signedHeaders = '', signature = ''] = found;
  const date = String(request.headers['x-amz-date']);
  const day = date.slice(0, 8);
  const scope = `${day}/${keys.region}/s3/aws4_request`;
  if (credential !== `${keys.accessKeyId}/${scope}`) return 'another credential';
  const names = signedHeaders.split(';');
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date']) {
    if (!names.includes(needed)) return `${needed} is not signed`;
  }
  const digest = String(request.headers['x-amz-content-sha256']);
  if (digest !== sha256(body)) return 'the digest is not the body’s';
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const headers = names
    .map((name) => `${name}:${String(request.headers[name]).trim().replaceAll(/ +/g, ' ')}\n`)
    .join('');
  const canonical = [request.method, path, query, headers, signedHeaders, digest].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const parts = [day, keys.region, 's3', 'aws4_request'];
  const key = parts.reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${keys.secretAccessKey}`);
  return hmac(key, toSign).toString('hex') === signature ? null : 'another signature';
}

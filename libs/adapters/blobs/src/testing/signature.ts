import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const ALGORITHM = 'AWS4-HMAC-SHA256';

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

interface Signed {
  credential: string;
  signedHeaders: string;
  signature: string;
  date: string;
  digest: string;
  query: URLSearchParams;
}

/**
 * Checks a request's Signature Version 4, computed from what the server received (AWS, "Create a signed AWS API
 * request", "Authenticating Requests: Using Query Parameters"). Null: valid; else the fault.
 */
export function signatureFault(request: IncomingMessage, body: Uint8Array, keys: Keys): string | null {
  const query = new URLSearchParams((request.url ?? '').split('?')[1]);
  const signed = query.has('X-Amz-Signature') ? inQuery(query) : inHeaders(request, query);
  if (typeof signed === 'string') return signed;
  const { credential, signedHeaders, signature, date, digest } = signed;
  const day = date.slice(0, 8);
  const scope = `${day}/${keys.region}/s3/aws4_request`;
  if (credential !== `${keys.accessKeyId}/${scope}`) return 'another credential';
  if (digest !== 'UNSIGNED-PAYLOAD' && digest !== sha256(body)) return 'the digest is not the body’s';
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim().replaceAll(/ +/g, ' ')}\n`)
    .join('');
  const path = (request.url ?? '').split('?')[0];
  const canonical = [request.method, path, canonicalQuery(signed.query), headers, signedHeaders, digest].join('\n');
  const toSign = [ALGORITHM, date, scope, sha256(canonical)].join('\n');
  const parts = [day, keys.region, 's3', 'aws4_request'];
  const key = parts.reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${keys.secretAccessKey}`);
  return hmac(key, toSign).toString('hex') === signature ? null : 'another signature';
}

function inHeaders({ headers }: IncomingMessage, query: URLSearchParams): Signed | string {
  const found = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  );
  if (found === null) return 'no signature';
  const [, credential = '', signedHeaders = '', signature = ''] = found;
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date']) {
    if (!signedHeaders.split(';').includes(needed)) return `${needed} is not signed`;
  }
  const digest = String(headers['x-amz-content-sha256']);
  if (digest === 'UNSIGNED-PAYLOAD') return 'the body is not signed';
  return { credential, signedHeaders, signature, date: String(headers['x-amz-date']), digest, query };
}

function inQuery(all: URLSearchParams): Signed | string {
  const of = (name: string) => all.get(`X-Amz-${name}`) ?? '';
  if (of('Algorithm') !== ALGORITHM) return 'another algorithm';
  const date = of('Date');
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const seconds = Number(of('Expires'));
  if (!(seconds >= 1 && seconds <= 7 * 24 * 3600)) return 'no expiry';
  if (Date.now() > signedAt + seconds * 1000) return 'expired';
  const query = new URLSearchParams(all);
  query.delete('X-Amz-Signature');
  const signedHeaders = of('SignedHeaders');
  if (!signedHeaders.split(';').includes('host')) return 'the host is not signed';
  return {
    credential: of('Credential'),
    ...{ signedHeaders, signature: of('Signature'), date, digest: 'UNSIGNED-PAYLOAD', query },
  };
}

function canonicalQuery(query: URLSearchParams): string {
  const encoded = (text: string) =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...query]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
}

/** Answers of providers are short; the rest of a longer one is not read. */
const MAX_BODY_BYTES = 16 * 1024;

export interface HttpAnswer {
  status: number;
  retryAfter: string | null;
  body: string;
}

/**
 * One HTTP request. Redirects are not followed: providers use none, and they could lead anywhere. Errors: those of
 * `fetch`.
 */
export async function askOverHttp(url: string | URL, init: RequestInit): Promise<HttpAnswer> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of response.body ?? []) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > MAX_BODY_BYTES) break;
  }
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

/** The JSON of an answer; null if it is not JSON. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** The longest wait accepted from a provider's answer, in ms. */
const MAX_MS = 3600 * 1000;

/** `Retry-After` (RFC 9110, section 10.2.3: seconds or a date) as ms from `now` (Unix ms); undefined: not given. */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (header == null || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_MS, Math.max(0, ms));
}

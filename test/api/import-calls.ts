import { withKey } from './access/api-keys.ts';
import type { TestApi } from './fixture.ts';

export const OLD = Date.UTC(2012, 5, 1);

type Answer = { status: number; next: number; imported: number; repeated: number; errors: Fault[] };
type Fault = { line: number; code: string; field?: string };

export async function sendImport(api: TestApi, key: string, text: string, query = ''): Promise<Answer> {
  const { headers } = withKey(key);
  const call = { payload: text, headers: { ...headers, 'content-type': 'application/x-ndjson' } };
  const answer = await api.call('POST', `/api/server/imports${query}`, call);
  return { status: answer.statusCode, ...answer.json() };
}

export function textOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

let made = 0;
export const message = (from: string, to: string, sentAt: number, fields: object = {}) => ({
  ...{ type: 'message', from, to, clientMessageId: `old-${++made}`, sentAt, content: { text: `words ${made}` } },
  ...fields,
});

export async function oldestFirst(api: TestApi, conversationId: string) {
  return (await api.deps.messages.page(conversationId, { limit: 100 })).reverse();
}

import { expect } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

/** Ana owns `team`, bob and cat are members; dan is none. */
export async function team(settings: object = {}): Promise<TestApi> {
  const api = await createTestApi();
  const payload = { conversationId: 'team', name: 'Team', members: ['bob', 'cat'], settings };
  const answer = await api.call('POST', '/api/groups', { as: 'ana', payload });
  expect(answer.statusCode, answer.payload).toBe(201);
  return api;
}

/** The headers of a request with an idempotency key. */
export const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

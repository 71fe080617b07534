import type { TestApi } from './fixture.ts';

/** Ana has read up to that message, on a device at connect-3. */
export function anaReads(api: TestApi, conversationId: string, upTo: string) {
  return api.deps.conversations.markRead({
    conversationId,
    userId: 'ana',
    upTo,
    at: api.clock.now(),
    node: 'connect-3',
  });
}

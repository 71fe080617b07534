import {
  type ConversationId,
  ERROR_CODES,
  type ErrorCode,
  ImError,
  type Position,
  type SparseState,
  type StateChange,
} from '@chasqui/domain';

/**
 * Sends a change to `PATCH /api/conversations/{conversationId}/state`, and gives its answer. Errors: the server's, as
 * `ImError`.
 */
export type SendState = (
  conversationId: ConversationId,
  changes: StateChange,
) => Promise<{ state: SparseState; position?: Position }>;

/** Sends changes by the platform's `fetch` to the API that has `nodesUrl`. */
export function stateSender(nodesUrl: string, token: () => string | Promise<string>): SendState {
  return async (conversationId, changes) => {
    const url = nodesUrl.replace(/nodes$/, `conversations/${encodeURIComponent(conversationId)}/state`);
    if (url === nodesUrl) throw new ImError('connection_closed', 'no API is known: set nodesUrl or sendState');
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify(changes) });
    const answer = await response.json();
    if (response.ok) return answer;
    const { code, message, field, retryAfterMs } = answer?.error ?? {};
    const known: ErrorCode = Object.hasOwn(ERROR_CODES, code) ? code : 'internal';
    throw new ImError(known, String(message ?? `${url} answered ${response.status}`), { field, retryAfterMs });
  };
}

import type { ConversationId, Position, SparseState, StateChange } from '@chasqui/domain';
import type { ApiCall } from '../connection/api-call.ts';

/**
 * Sends a change to `PATCH /api/conversations/{conversationId}/state`, and gives its answer. Errors: the server's, as
 * `ImError`.
 */
export type SendState = (
  conversationId: ConversationId,
  changes: StateChange,
) => Promise<{ state: SparseState; position?: Position }>;

export function stateSender(call: ApiCall): SendState {
  return (conversationId, changes) =>
    call('PATCH', `conversations/${encodeURIComponent(conversationId)}/state`, changes) as ReturnType<SendState>;
}

import { ImError } from '@chasqui/domain';
import { type ApiCall, apiCall, withQuery } from '../connection/api-call.ts';
import type { ConversationName } from '../conversations/conversation-name.ts';
import { namedBy } from '../conversations/direct.ts';
import type { ActionCalls, ReactorsPage } from '../part-calls.ts';
import type { ActionHost } from './action-part.ts';

/** Messages that the API deletes for the user in one call. */
const HIDDEN_AT_ONCE = 100;

/** What is asked of the HTTP API about messages. */
export function messageCalls({ core, options, keyOf }: ActionHost): Pick<ActionCalls, 'hide' | 'reactors'> {
  const api = apiCall(options.nodesUrl, options.token);
  const call: ApiCall = (...asked) =>
    api(...asked).catch((error: unknown) => {
      throw ImError.from(error, 'connection_closed');
    });

  function pathOf(conversation: ConversationName): string {
    const { conversationId } = namedBy(core.userId, keyOf(conversation));
    if (conversationId === '')
      throw new ImError('not_logged_in', 'the conversation has no id before the first login', {
        field: 'conversationId',
      });
    return `conversations/${encodeURIComponent(conversationId)}`;
  }

  return {
    async hide(conversation, messageIds) {
      for (let start = 0; start < messageIds.length; start += HIDDEN_AT_ONCE) {
        const part = messageIds.slice(start, start + HIDDEN_AT_ONCE);
        await call('POST', `${pathOf(conversation)}/hidden-messages`, { messageIds: part });
      }
    },
    reactors: async (conversation, messageId, query = {}) =>
      call('GET', withQuery(`${pathOf(conversation)}/messages/${messageId}/reactions`, query)) as Promise<ReactorsPage>,
  };
}

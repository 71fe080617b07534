import type { ApiContext } from '../context.ts';

/** What importing uses of the API. */
export type ImportContext = { attachments: Pick<ApiContext['attachments'], 'pictured'> } & Pick<
  ApiContext,
  | 'attachments'
  | 'clock'
  | 'conversations'
  | 'conversationStates'
  | 'erasures'
  | 'groups'
  | 'limits'
  | 'logger'
  | 'logs'
  | 'messages'
  | 'nodeId'
  | 'notices'
  | 'profiles'
  | 'publisher'
  | 'reactions'
  | 'unreadCache'
  | 'users'
>;

/** Whoever sends a frame about a group. */
export const STANDINGS = ['stranger', 'former', 'muted', 'plain', 'admin', 'owner'] as const;
export type Standing = (typeof STANDINGS)[number];

/** The type of the first frame of the answer, or an error's code; null: none. */
type Answer = string | null;

export interface GroupCase {
  /** `messageId`: of the owner's latest message to the group. */
  frame(messageId: string, key: string): object;
  answers: { readonly [S in Standing]: Answer };
  /** Types of frames that those whose answer is no error bring to the other members. */
  brings: readonly string[];
}

const conversationId = 'team';
const outside = { stranger: 'not_a_member', former: 'not_a_member' };

/** Every frame that is about a group. */
export const GROUP_CASES: { readonly [name: string]: GroupCase } = {
  chat: {
    frame: (_, clientMessageId) => ({ type: 'chat', clientMessageId, conversationId, content: { text: 'hello' } }),
    answers: { ...outside, muted: 'muted', plain: 'send_ack', admin: 'send_ack', owner: 'send_ack' },
    brings: ['chat', 'stored_messages'],
  },
  'chat that mentions all': {
    frame: (_, clientMessageId) => ({
      ...{ type: 'chat', clientMessageId, conversationId, content: { text: 'all' }, mentions: 'all' },
    }),
    answers: { ...outside, muted: 'muted', plain: 'not_allowed', admin: 'send_ack', owner: 'send_ack' },
    brings: ['chat', 'stored_messages'],
  },
  ack: {
    frame: (messageId) => ({ type: 'ack', state: 'read', conversationId, messageIds: [messageId] }),
    answers: { ...outside, muted: null, plain: null, admin: null, owner: null },
    brings: ['read_mark'],
  },
  recall: {
    frame: (messageId) => ({ type: 'recall', conversationId, messageId }),
    answers: { ...outside, muted: 'recall_refused', plain: 'recall_refused', admin: 'recall', owner: 'recall' },
    brings: ['recall'],
  },
  'action edit': {
    frame: (messageId, actionId) => ({
      ...{ type: 'action', action: 'edit', conversationId, messageId, actionId, content: { text: 'x' } },
      mentions: ['plain'],
    }),
    answers: {
      ...{ ...outside, muted: 'action_refused', plain: 'action_refused' },
      ...{ admin: 'action_refused', owner: 'action' },
    },
    brings: ['action'],
  },
  'action react': {
    frame: (messageId, actionId) => ({
      ...{ type: 'action', action: 'react', conversationId, messageId, actionId, emoji: '👍' },
    }),
    answers: { ...outside, muted: 'muted', plain: 'action', admin: 'action', owner: 'action' },
    brings: ['action'],
  },
  sync: {
    frame: () => ({ type: 'sync', conversationId, position: 0 }),
    answers: {
      ...{ stranger: 'not_a_member', former: 'log_updates', muted: 'log_updates' },
      ...{ plain: 'log_updates', admin: 'log_updates', owner: 'log_updates' },
    },
    brings: [],
  },
  typing: {
    frame: () => ({ type: 'typing', conversationId }),
    answers: { stranger: null, former: null, muted: null, plain: null, admin: null, owner: null },
    brings: ['typing'],
  },
};

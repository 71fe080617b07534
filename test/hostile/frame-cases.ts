import type { ClientFrameType } from '@chasqui/protocol';

/**
 * What an outsider receives for a frame about ana and bob: an error's code, a frame about their own data, or nothing.
 */
export type FrameAnswer = { error: string } | { own: string } | 'nothing';

export interface FrameCase {
  /** Refers to ana's and bob's data. `messageId` is of ana's message to bob. */
  frame(messageId: string): object;
  stranger: FrameAnswer;
  /** Expected for a blocked user, if it differs from what a stranger gets. */
  blocked?: FrameAnswer;
  /** Types of frames that this may bring to ana or bob by design. */
  brings?: readonly string[];
}

const conversationId = 'ana~bob';
const notAMember: FrameAnswer = { error: 'not_a_member' };

/** Every frame that a client may send. A new type without a line here does not compile. */
export const FRAME_CASES = {
  login: {
    frame: () => ({ type: 'login', token: 'ana', deviceId: 'phone' }),
    stranger: { error: 'already_logged_in' },
  },
  chat: {
    frame: () => ({ type: 'chat', clientMessageId: 'c1', to: 'ana', content: { text: 'hello' } }),
    stranger: { own: 'send_ack' },
    blocked: { error: 'blocked' },
    brings: ['chat', 'stored'],
  },
  ack: {
    frame: (messageId) => ({ type: 'ack', state: 'read', conversationId, messageIds: [messageId] }),
    stranger: notAMember,
  },
  recall: {
    frame: (messageId) => ({ type: 'recall', conversationId, messageId }),
    stranger: notAMember,
  },
  action: {
    frame: (messageId) => ({ type: 'action', action: 'edit', conversationId, messageId, content: { text: 'x' } }),
    stranger: notAMember,
  },
  'action react': {
    frame: (messageId) => ({ type: 'action', action: 'react', conversationId, messageId, emoji: '👍' }),
    stranger: notAMember,
  },
  'action recall': {
    frame: (messageId) => ({ type: 'action', action: 'recall', conversationId, messageId }),
    stranger: notAMember,
  },
  sync_offline_messages: {
    frame: () => ({ type: 'sync_offline_messages', position: 0 }),
    stranger: { own: 'offline_messages' },
  },
  sync: { frame: () => ({ type: 'sync', conversationId: 'team', position: 0 }), stranger: notAMember },
  groups: { frame: () => ({ type: 'groups' }), stranger: { own: 'groups' } },
  confirm_messages_synced: {
    frame: () => ({ type: 'confirm_messages_synced', position: 1 }),
    stranger: { own: 'confirm_ok' },
  },
  typing: {
    frame: () => ({ type: 'typing', to: 'ana' }),
    stranger: 'nothing',
    brings: ['typing'],
  },
  presence_subscribe: {
    frame: () => ({ type: 'presence_subscribe', users: ['ana'] }),
    stranger: { own: 'presence' },
  },
  ping: { frame: () => ({ type: 'ping', ref: 'mine' }), stranger: { own: 'pong' } },
  logout: { frame: () => ({ type: 'logout' }), stranger: { own: 'kicked' } },
} satisfies { readonly [T in ClientFrameType | 'action react' | 'action recall']: FrameCase };

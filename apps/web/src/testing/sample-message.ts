import type { ChatMessage } from '@chasqui/client';

/** A message of a conversation between `ann` (the user) and `bob`, for tests. `n` gives its id, order and time. */
export function sampleMessage(n: number, change: Partial<ChatMessage> = {}): ChatMessage {
  const messageId = sampleId(n);
  return {
    messageId,
    sortKey: messageId,
    clientMessageId: `c${n}`,
    conversationId: 'ann~bob',
    peer: 'bob',
    from: 'bob',
    mine: false,
    content: { text: `text ${n}` },
    sentAt: n * 1000,
    state: 'stored',
    provisional: false,
    ...change,
  };
}

export function ownMessage(n: number, change: Partial<ChatMessage> = {}): ChatMessage {
  return sampleMessage(n, { from: 'ann', mine: true, ...change });
}

export function sampleId(n: number): string {
  return n.toString(16).padStart(24, '0');
}

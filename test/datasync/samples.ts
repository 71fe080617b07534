import { type Clock, conversationOf, HybridClock, type Message } from '@chasqui/domain';

/** Makes messages from ann to bob. */
export function messagesOf(clock: Clock): (text: string) => Message {
  const ids = new HybridClock({ now: () => clock.now(), tag: 7 });
  return (text) => {
    const messageId = ids.next();
    return {
      messageId,
      conversationId: conversationOf('ann', 'bob'),
      from: 'ann',
      fromDevice: 'phone',
      to: 'bob',
      clientMessageId: messageId,
      kind: 'c2c',
      content: { text },
      sentAt: clock.now(),
    };
  };
}

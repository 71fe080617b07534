import { type ChatMessage, forwardMessages } from '@chasqui/client';
import { useState } from 'react';
import { errorText } from '../i18n/index.ts';
import type { ForwardTarget } from './use-forward-targets.ts';
import { useMessenger } from './use-messenger.ts';

export interface ForwardOptions {
  goals: readonly ForwardTarget[];
  withOrigin: boolean;
  /** Sent before the messages; empty: none. */
  comment: string;
}

/** Forwards messages; what becomes of each is shown in the conversation that it goes to. */
export function useForwarding(): {
  error: string;
  forward: (messages: readonly ChatMessage[], to: ForwardOptions) => boolean;
} {
  const { client } = useMessenger();
  const [error, setError] = useState('');

  function forward(messages: readonly ChatMessage[], { goals, withOrigin, comment }: ForwardOptions): boolean {
    try {
      for (const { conversationId, peer } of goals) {
        const address = peer === '' ? { conversationId } : { to: peer };
        if (comment !== '') client.send({ ...address, content: { text: comment } });
        forwardMessages(client, messages, { ...address, withOrigin });
      }
      return true;
    } catch (cause) {
      setError(errorText(cause));
      return false;
    }
  }

  return { error, forward };
}

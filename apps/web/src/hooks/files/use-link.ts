import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile, MessageId } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import { useMessenger } from '../use-messenger.ts';

export interface UsedLink {
  /** Undefined: not there. */
  address: string | undefined;
  failed: boolean;
  /** Asks for another one: links end after minutes. */
  renew: () => void;
}

const NOTHING = { address: undefined, failed: false };

/** Where elements of the page read a file from the server by themselves, while it is wanted. */
export function useLink(
  { conversationId, messageId }: Pick<ChatMessage, 'conversationId' | 'messageId'>,
  file: AttachedFile,
  wanted: boolean,
): UsedLink {
  const { files } = useMessenger();
  const [link, setLink] = useState<Omit<UsedLink, 'renew'>>(NOTHING);
  const [asked, setAsked] = useState(0);
  const mayAsk = wanted && messageId !== '' && conversationId !== '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: renewing asks again; a file never changes.
  useEffect(() => {
    if (!mayAsk) return;
    let isLeft = false;
    files.reader.address({ conversationId, messageId: messageId as MessageId }, file).then(
      (address) => isLeft || setLink({ address, failed: false }),
      () => isLeft || setLink({ ...NOTHING, failed: true }),
    );
    return () => {
      isLeft = true;
    };
  }, [files, file.id, conversationId, messageId, mayAsk, asked]);

  return { ...(mayAsk ? link : NOTHING), renew: useCallback(() => setAsked((times) => times + 1), []) };
}

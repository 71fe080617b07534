import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile, MessageId } from '@chasqui/domain';
import { useState } from 'react';
import { saveAddress } from '../../model/files/save-address.ts';
import { saveBlob } from '../../model/files/save-blob.ts';
import { useMessenger } from '../use-messenger.ts';

export interface Download {
  /** The browser has not taken it over yet. */
  busy: boolean;
  failed: boolean;
  start: () => void;
}

/** Saves a file of a message in the user's downloads. The browser loads it, so that its size does not matter. */
export function useDownload({ conversationId, messageId }: ChatMessage, file: AttachedFile): Download {
  const { files } = useMessenger();
  const [state, setState] = useState({ busy: false, failed: false });

  async function save(): Promise<void> {
    const carrier = { conversationId, messageId: messageId as MessageId };
    if (!files.cache.has(file.id)) {
      saveAddress(await files.reader.address(carrier, file, { save: true }), file.name);
      return;
    }
    const { held, release } = files.cache.use(file.id, () => files.reader.whole(carrier, file));
    try {
      saveBlob((await held).blob, file.name);
    } finally {
      release();
    }
  }

  async function start(): Promise<void> {
    if (conversationId === '') return;
    setState({ busy: true, failed: false });
    const failed = await save().then(
      () => false,
      () => true,
    );
    setState({ busy: false, failed });
  }

  return { ...state, start: () => void start() };
}

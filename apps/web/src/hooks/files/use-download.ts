import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile, MessageId } from '@chasqui/domain';
import { useState } from 'react';
import { saveBlob } from '../../model/files/save-blob.ts';
import { useMessenger } from '../use-messenger.ts';

export interface Download {
  busy: boolean;
  /** 0–1 of its bytes have come. */
  progress: number;
  failed: boolean;
  start: () => void;
}

/** Saves a file of a message in the user's downloads. */
export function useDownload({ conversationId, messageId }: ChatMessage, file: AttachedFile): Download {
  const { files } = useMessenger();
  const [state, setState] = useState({ busy: false, progress: 0, failed: false });

  async function load(): Promise<void> {
    if (conversationId === '') return;
    setState({ busy: true, progress: 0, failed: false });
    const carrier = { conversationId, messageId: messageId as MessageId };
    const told = (bytes: number) => setState({ busy: true, progress: bytes / file.size, failed: false });
    const { held, release } = files.cache.use(file.id, () => files.reader.whole(carrier, file, told));
    try {
      saveBlob((await held).blob, file.name);
      setState({ busy: false, progress: 1, failed: false });
    } catch {
      setState({ busy: false, progress: 0, failed: true });
    } finally {
      release();
    }
  }

  return { ...state, start: () => void load() };
}

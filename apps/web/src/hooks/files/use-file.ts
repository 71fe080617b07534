import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile, MessageId } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import type { HeldFile } from '../../live/files/file-cache.ts';
import type { FileMessage } from '../../live/files/file-reader.ts';
import { isPicture, thumbnailFor } from '../../model/files/thumbnails.ts';
import { useMessenger } from '../use-messenger.ts';

export interface ShownFile {
  /** Undefined: not loaded. */
  held: HeldFile | undefined;
  /** Bytes that have come so far. */
  loaded: number;
  failed: boolean;
  retry: () => void;
}

export interface FileRequest {
  /** False: not now. */
  wanted: boolean;
  /** For a picture: the pixels of its longest side on the screen. Absent: the whole file. */
  side?: number;
}

const NOTHING = { held: undefined, loaded: 0, failed: false };

/** A file of a message, loaded while it is wanted. Its address is valid as long as the component is there. */
export function useFile(
  message: Pick<ChatMessage, 'conversationId' | 'messageId'>,
  file: AttachedFile,
  { wanted, side }: FileRequest,
): ShownFile {
  const { files } = useMessenger();
  const [shown, setShown] = useState<Omit<ShownFile, 'retry'>>(NOTHING);
  const [tries, setTries] = useState(0);
  const { conversationId, messageId } = message;
  // Before the server has the message, only this device has its files. A thumbnail of a video is no part of what it has.
  const isHere = files.cache.has(file.id) && (side === undefined || isPicture(file));
  const mayLoad = wanted && (messageId !== '' || isHere) && conversationId !== '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: a try that is asked for loads again; a file never changes.
  useEffect(() => {
    if (!mayLoad) return;
    let isLeft = false;
    const key = keyOf(file, isHere ? undefined : side);
    const carrier: FileMessage = { conversationId, messageId: messageId as MessageId };
    const told = (loaded: number) => isLeft || setShown({ ...NOTHING, loaded });
    const { held, release } = files.cache.use(key, () =>
      side === undefined ? files.reader.whole(carrier, file, told) : files.reader.picture(carrier, file, side),
    );
    held.then(
      (held) => isLeft || setShown({ held, loaded: held.blob.size, failed: false }),
      () => isLeft || setShown({ ...NOTHING, failed: true }),
    );
    return () => {
      isLeft = true;
      setShown(NOTHING);
      release();
    };
  }, [files, file.id, conversationId, messageId, mayLoad, side, tries]);

  return { ...shown, retry: useCallback(() => setTries((known) => known + 1), []) };
}

/** A thumbnail is another file than the picture, where the server has one. */
function keyOf(file: AttachedFile, side: number | undefined): string {
  const size = side === undefined ? undefined : thumbnailFor(file, side);
  return size === undefined ? file.id : `${file.id}/${size}`;
}

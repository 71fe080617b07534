import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { isLarge } from '../../model/files/thumbnails.ts';
import { useMessenger } from '../use-messenger.ts';
import { type FileRequest, useFile } from './use-file.ts';
import { useLink } from './use-link.ts';

export interface ShownPicture {
  address: string | undefined;
  failed: boolean;
  retry: () => void;
}

/** A picture of a message. A large one is loaded by its element, so that the page need not hold its bytes. */
export function usePicture(
  message: Pick<ChatMessage, 'conversationId' | 'messageId'>,
  file: AttachedFile,
  { wanted, side }: FileRequest,
): ShownPicture {
  const { files } = useMessenger();
  const byLink = isLarge(file, side) && !files.cache.has(file.id);
  const loaded = useFile(message, file, { wanted: wanted && !byLink, ...(side !== undefined && { side }) });
  const link = useLink(message, file, wanted && byLink);
  if (byLink) return { address: link.address, failed: link.failed, retry: link.renew };
  return { address: loaded.held?.address, failed: loaded.failed, retry: loaded.retry };
}

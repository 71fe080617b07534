import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { fileKind } from './file-kind.ts';

/** A picture of a conversation. */
export interface PlacedPicture {
  message: ChatMessage;
  file: AttachedFile;
}

/** The pictures of the loaded messages, in their order. */
export function picturesOf(messages: readonly ChatMessage[]): PlacedPicture[] {
  return messages
    .filter(({ recalledAt, messageId }) => recalledAt === undefined && messageId !== '')
    .flatMap((message) =>
      (message.content.attachments ?? [])
        .filter((file) => fileKind(file) === 'picture')
        .map((file) => ({ message, file })),
    );
}

import type { ImError, UploadState } from '@chasqui/client';
import type { AttachedFile, AttachmentId, ConversationId, Mentions, MessageReference, UserId } from '@chasqui/domain';
import type { ChosenFile } from '../../model/files/chosen-files.ts';

/** Where a message goes. */
export interface Target {
  conversationId: ConversationId;
  /** Empty in a group. */
  peer: UserId;
}

/** What the user has written with the files. */
export interface Words {
  text: string;
  mentions?: Mentions;
  replyTo?: MessageReference;
}

/** A file of a message that is not sent yet. */
export interface PendingFile extends ChosenFile {
  /** Known once the server knows of it. */
  id?: AttachmentId;
  state: UploadState;
  /** Bytes that the server has. */
  sent: number;
  /** Present once it is ready. */
  attached?: AttachedFile;
  /** Why it failed; null: it did not. */
  error: ImError | null;
}

/** A message whose files are being uploaded. It is sent when all of them are ready. */
export interface PendingMessage extends Target, Words {
  /** The message's `clientMessageId`: whoever sends it twice sends it once. */
  key: string;
  files: readonly PendingFile[];
  /** Unix ms of this device. */
  writtenAt: number;
  /** False: the browser keeps it for no reload. */
  isKept: boolean;
  /** Why the message was not taken; null: it was not refused. */
  error: ImError | null;
}

/** What is kept for the next time: the files themselves, and how far they are known to the server. */
export type KeptMessage = Target &
  Words & { key: string; writtenAt: number; files: readonly (ChosenFile & { id?: AttachmentId })[] };

export function keptMessage({ key, conversationId, peer, text, mentions, replyTo, writtenAt, files }: PendingMessage) {
  return {
    ...{ key, conversationId, peer, text, writtenAt },
    ...(mentions && { mentions }),
    ...(replyTo && { replyTo }),
    files: files.map(({ key, file, media, id }) => ({ key, file, ...(media && { media }), ...(id && { id }) })),
  } satisfies KeptMessage;
}

/** A file whose upload begins, or goes on. */
export function pendingFile(file: ChosenFile & { id?: AttachmentId }): PendingFile {
  return { ...file, state: 'waiting', sent: 0, error: null };
}

export function pendingMessage(kept: KeptMessage): PendingMessage {
  return { ...kept, isKept: true, error: null, files: kept.files.map(pendingFile) };
}

import type {
  AttachedFile,
  AttachmentId,
  Clock,
  ConversationId,
  MediaFacts,
  MessageId,
  PictureSide,
  Random,
  ThumbnailSize,
} from '@chasqui/domain';
import type { TokenSource } from './connection/token-source.ts';

/** `waiting`: for others to end. `checking`: all bytes are there. `failed`: see `done`. */
export type UploadState = 'waiting' | 'reading' | 'uploading' | 'paused' | 'checking' | 'ready' | 'failed';

export interface UploadProgress {
  state: UploadState;
  /** Bytes that the server has, of `total`. */
  sent: number;
  total: number;
}

export interface UploadOptions {
  /** Default: the file's own name, or `file`. */
  name?: string;
  /** Default: the file's own type. */
  type?: string;
  /**
   * What is known of a picture, a video or a sound. Readers are told of it, marked as announced, if the server does not
   * measure it (a recorded voice where the server has no ffmpeg).
   */
  media?: MediaFacts;
  /** It becomes the picture of a user or a group (`pictures`), and no file of messages. */
  purpose?: 'profile_picture';
  /** Goes on with an upload of the same file that another run of the application began; see `Upload.id`. */
  id?: AttachmentId;
  onProgress?(progress: UploadProgress): void;
}

/** One file on its way. */
export interface Upload extends UploadProgress {
  /** Known once it is announced. An application that keeps it goes on with the upload after a restart, for a day. */
  readonly id: AttachmentId | undefined;
  /** The file as messages carry it: one of `content.attachments`. Rejects with an `ImError`; `cancel` with `connection_closed`. */
  readonly done: Promise<AttachedFile>;
  /** With the purpose `profile_picture`, once it is `ready`: what `avatar`, or `picture` of a group, is set to. Else empty. */
  readonly pictureUrl: string;
  pause(): void;
  resume(): void;
  /** Gives it up, also on the server. */
  cancel(): void;
}

export interface AttachmentsOptions {
  /** As of `createClient`: `https://…/api/nodes`. */
  nodesUrl: string;
  token: TokenSource;
  /** Default: the platform's. */
  fetch?: typeof fetch;
  /** Bytes of one request. Default 4 MiB. */
  pieceBytes?: number;
  /** Uploads at once; the others wait. Default 3. */
  parallel?: number;
  clock?: Clock;
  random?: Random;
}

/** Options of an upload that becomes the picture of a user or a group. */
export type PictureOptions = Pick<UploadOptions, 'name' | 'type' | 'onProgress'>;

/** Files of messages: it uploads them before they are sent, and fetches those of others. */
export interface Attachments {
  /** Starts at once, or when earlier uploads have ended. */
  upload(file: Blob, options?: UploadOptions): Upload;
  /**
   * A file of a message. `range`: only these bytes, both included. Errors: those of the server, `not_found` or
   * `message_not_found` for what is not to be seen.
   */
  read(
    message: { conversationId: ConversationId; messageId: MessageId },
    id: AttachmentId,
    range?: readonly [from: number, to: number],
  ): Promise<Response>;
  /** One of the thumbnails that the file's `media.thumbnails` names, as WebP. Errors: as of `read`. */
  thumbnail(
    message: { conversationId: ConversationId; messageId: MessageId },
    id: AttachmentId,
    size: ThumbnailSize,
  ): Promise<Response>;
  /**
   * An address of a file of a message, for elements that cannot send a token: `<video src>`, `<img src>`. It is valid for
   * minutes and takes ranges, so that a video plays, and is sought in, before it is loaded. Whoever has it can read the
   * file: do not store it. Errors: as of `read`.
   */
  link(
    message: { conversationId: ConversationId; messageId: MessageId },
    id: AttachmentId,
    options?: LinkOptions,
  ): Promise<FileLink>;
}

export interface LinkOptions {
  /** The thumbnail of that size, not the file. */
  size?: ThumbnailSize;
  /** Browsers that open it save the file, whatever it is. */
  save?: boolean;
}

export interface FileLink {
  url: string;
  /** Unix ms. Then ask for another. */
  expiresAt: number;
}

export interface PicturesOptions extends Pick<AttachmentsOptions, 'nodesUrl' | 'token' | 'fetch'> {
  /** What uploads them. */
  files: Attachments;
}

/** The pictures of users and groups. */
export interface Pictures {
  /**
   * Uploads a picture and sets it in the user's profile; null: takes it away. Resolves with the profile's `avatar`. Errors:
   * those of an upload (`attachment_invalid` for what the server cannot decode, `content_too_large` beyond 5 MiB);
   * `forbidden` if the server decodes no pictures; those of the change.
   */
  setAvatar(picture: Blob | null, options?: PictureOptions): Promise<string>;
  /** The same for a group whose picture the user may change. Resolves with the group's `picture`. */
  setGroupPicture(conversationId: ConversationId, picture: Blob | null, options?: PictureOptions): Promise<string>;
  /**
   * The address at which an `avatar` or a `picture` is to be seen, without a token. `side`: in pixels, if the server has
   * the picture; one elsewhere comes as it is. Null: there is none.
   */
  pictureUrl(picture: string, side?: PictureSide): string | null;
}

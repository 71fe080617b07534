import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TokenAge } from '@chasqui/core';
import { type AttachmentId, type Clock, defined, ImError, type ThumbnailSize } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';

/** A file of a message. */
export interface FilePlace extends MessageKey {
  id: AttachmentId;
}

/** How a file is given out. */
export interface FileView {
  /** The thumbnail of that size; absent: the file. */
  size?: ThumbnailSize;
  /** Browsers save it, whatever it is. */
  isSaved: boolean;
}

/** What a link allows, and to whose session. */
export interface LinkedView extends FileView {
  session: TokenAge;
}

/** What is signed beside the place, in this order; a thumbnail of size 0 is the file. */
type Signed = [until: number, size: number, isSaved: boolean, ...session: SignedSession];
type SignedSession = [userId: string, deviceId: string, issuedAt: number, generation: number | null];

/**
 * Links to files, for what cannot send a token: elements of pages that show pictures or play videos. Nothing is stored: a
 * link has a signature over the file, how it is given out, the session that asked, and its end, so that every API process
 * of an installation can check it. It says who reads; whether they may is asked at each request.
 */
export class FileLinks {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #validMs: number;

  constructor(secret: string, clock: Clock, validMs: number) {
    this.#secret = secret;
    this.#clock = clock;
    this.#validMs = validMs;
  }

  /** `expiresAt`: Unix ms. */
  grantFor(place: FilePlace, { session, size, isSaved }: LinkedView): { grant: string; expiresAt: number } {
    const { userId, deviceId = '', issuedAt, generation = null } = session;
    const expiresAt = this.#clock.now() + this.#validMs;
    const signed: Signed = [expiresAt, size ?? 0, isSaved, userId, deviceId, issuedAt, generation];
    const text = Buffer.from(JSON.stringify(signed)).toString('base64url');
    return { grant: `${text}.${this.#signature(place, text).toString('base64url')}`, expiresAt };
  }

  /** Errors: `link_invalid`: it has ended, or is not one of ours for this file. */
  read(place: FilePlace, grant: string): LinkedView {
    const [text = '', given = ''] = grant.split('.');
    const known = this.#signature(place, text);
    const signature = Buffer.from(given, 'base64url');
    if (signature.length !== known.length || !timingSafeEqual(signature, known)) {
      throw new ImError('link_invalid', 'this is no link to this file', { field: 'grant' });
    }
    const [until, size, isSaved, userId, deviceId, issuedAt, generation] = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    ) as Signed;
    if (this.#clock.now() >= until) {
      throw new ImError('link_invalid', 'the link has ended: ask for another', { field: 'grant' });
    }
    return {
      session: {
        userId,
        issuedAt,
        ...defined({ deviceId: deviceId || undefined, generation: generation ?? undefined }),
      },
      ...defined({ size: (size || undefined) as ThumbnailSize | undefined }),
      isSaved,
    };
  }

  #signature({ conversationId, messageId, id }: FilePlace, text: string): Buffer {
    const signed = JSON.stringify(['file link', conversationId, messageId, id, text]);
    return createHmac('sha256', this.#secret).update(signed).digest();
  }
}

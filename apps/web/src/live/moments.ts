import { type Client, ImError } from '@chasqui/client';
import type { MomentId, PictureId, UserId } from '@chasqui/domain';
import { type Api, withQuery } from '../api.ts';
import type { CommentsPage, MomentBody, MomentsPage } from '../api-bodies.ts';
import { Store } from '../store.ts';

export interface MomentsState {
  /** Newest first. */
  moments: readonly MomentBody[];
  more: boolean;
  status: 'loading' | 'ready' | 'failed';
  /** Likes and comments on the user's own moments since the user last looked. */
  news: number;
}

/** The content of a new moment. */
export interface NewMoment {
  text: string;
  pictures: readonly Blob[];
  /** The contacts who see it; empty: all contacts. */
  chosen: readonly UserId[];
  /** The idempotency key: the same for each retry. */
  clientMomentId: string;
}

const PAGE = 20;

/** The feed and its actions. */
export class MomentsStore extends Store<MomentsState> {
  readonly #api: Api;

  constructor(api: Api, client: Client, signal: AbortSignal) {
    super({ moments: [], more: false, status: 'loading', news: 0 });
    this.#api = api;
    const end = client.on('moment', ({ momentId }) => {
      this.#change({ news: this.get().news + 1 });
      if (this.get().moments.some((moment) => moment.momentId === momentId)) void this.reload(momentId);
    });
    signal.addEventListener('abort', end);
  }

  /** The user opens the moments: reloads the first page. */
  async open(): Promise<void> {
    this.#change({ status: 'loading' });
    await this.#load(undefined);
  }

  /** The user has the moments on the screen. */
  seen(): void {
    this.#change({ news: 0 });
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    if (this.get().status === 'loading') return;
    this.#change({ status: 'loading' });
    await this.#load(this.get().moments.at(-1)?.momentId);
  }

  /** Errors: the server's. */
  async post({ text, pictures, chosen, clientMomentId }: NewMoment): Promise<void> {
    const ids: PictureId[] = [];
    for (const picture of pictures) {
      const { pictureId } = await this.#api.call<{ pictureId: PictureId }>('POST', '/api/moments/pictures', picture);
      ids.push(pictureId);
    }
    const body = {
      clientMomentId,
      ...(text === '' ? {} : { text }),
      ...(ids.length === 0 ? {} : { pictures: ids }),
      ...(chosen.length === 0 ? {} : { chosen }),
    };
    const posted = await this.#api.call<MomentBody>('POST', '/api/moments', body);
    this.#change({ moments: [posted, ...this.#without(posted.momentId)] });
  }

  async remove(momentId: MomentId): Promise<void> {
    await this.#api.call('DELETE', `/api/moments/${momentId}`);
    this.#change({ moments: this.#without(momentId) });
  }

  async like({ momentId, liked }: MomentBody): Promise<void> {
    await this.#api.call(liked ? 'DELETE' : 'PUT', `/api/moments/${momentId}/like`);
    await this.reload(momentId);
  }

  comments(momentId: MomentId, after?: MomentId): Promise<CommentsPage> {
    return this.#api.call('GET', withQuery(`/api/moments/${momentId}/comments`, { after, limit: 100 }));
  }

  async comment(momentId: MomentId, text: string, clientCommentId: string): Promise<void> {
    await this.#api.call('POST', `/api/moments/${momentId}/comments`, { text, clientCommentId });
    await this.reload(momentId);
  }

  async removeComment(momentId: MomentId, commentId: MomentId): Promise<void> {
    await this.#api.call('DELETE', `/api/moments/${momentId}/comments/${commentId}`);
    await this.reload(momentId);
  }

  /** Reloads one moment; a deleted one is removed. */
  async reload(momentId: MomentId): Promise<void> {
    try {
      const now = await this.#api.call<MomentBody>('GET', `/api/moments/${momentId}`);
      this.#change({ moments: this.get().moments.map((moment) => (moment.momentId === momentId ? now : moment)) });
    } catch (error) {
      if (ImError.from(error).code === 'not_found') this.#change({ moments: this.#without(momentId) });
    }
  }

  async #load(before: MomentId | undefined): Promise<void> {
    try {
      const page = await this.#api.call<MomentsPage>('GET', withQuery('/api/moments', { before, limit: PAGE }));
      const known = before === undefined ? [] : this.get().moments;
      const moments = [...known, ...page.moments];
      this.#change({ moments, more: page.nextBefore !== undefined, status: 'ready' });
    } catch {
      this.#change({ status: 'failed' });
    }
  }

  #without(momentId: MomentId): MomentBody[] {
    return this.get().moments.filter((moment) => moment.momentId !== momentId);
  }

  #change(change: Partial<MomentsState>): void {
    this.set({ ...this.get(), ...change });
  }
}

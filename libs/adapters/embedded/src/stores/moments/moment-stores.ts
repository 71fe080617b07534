import type { Engines } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** The ports of moments. */
export type MomentStores = Pick<Engines, 'moments' | 'momentReplies' | 'momentPictures'>;

/** All of them over one caller of the store worker. */
export function createMomentStores(store: Caller<StoreOperations>): MomentStores {
  const common = {
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
  return {
    moments: {
      ...common,
      post: (moment) => store.call('moments.post', moment),
      get: (momentIds) => store.call('moments.get', momentIds),
      page: (viewer, authors, page) => store.call('moments.page', [viewer, authors, page]),
      remove: (author, momentId) => store.call('moments.remove', [author, momentId]),
    },
    momentReplies: {
      ...common,
      like: (momentId, by, at) => store.call('momentReplies.like', [momentId, by, at]),
      unlike: (momentId, by) => store.call('momentReplies.unlike', [momentId, by]),
      liked: (by, momentIds) => store.call('momentReplies.liked', [by, momentIds]),
      likes: (momentId, { after = '', limit }) => store.call('momentReplies.likes', [momentId, after, limit]),
      comment: (comment) => store.call('momentReplies.comment', comment),
      removeComment: (momentId, commentId, by) => store.call('momentReplies.removeComment', [momentId, commentId, by]),
      removeOf: (by, limit) => store.call('momentReplies.removeOf', [by, limit]),
      comments: (momentId, { after = '', limit }) => store.call('momentReplies.comments', [momentId, after, limit]),
    },
    momentPictures: {
      ...common,
      async note(owner, picture, at) {
        await store.call('momentPictures.note', [owner, picture, at]);
      },
      due: (unpostedBefore, limit) => store.call('momentPictures.due', [unpostedBefore, limit]),
      known: (pictureIds) => store.call('momentPictures.known', pictureIds),
      async strike(pictureIds) {
        await store.call('momentPictures.strike', pictureIds);
      },
    },
  };
}

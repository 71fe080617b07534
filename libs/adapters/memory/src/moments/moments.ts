import {
  ImError,
  MOMENT_LIMITS,
  type Moment,
  type MomentId,
  type Picture,
  type PictureId,
  type UserId,
} from '@chasqui/domain';
import type { MomentPictures, MomentReplies, MomentStore, UpdateLog } from '@chasqui/ports';
import { createMomentReplies, type KeptMoment } from './moment-replies.ts';

export interface MemoryMoments {
  moments: MomentStore;
  momentReplies: MomentReplies;
  momentPictures: MomentPictures;
}

/** Moments in memory, which inform their authors in the given logs, for tests. */
export function createMemoryMoments({ logs }: { logs: Pick<UpdateLog, 'append'> }): MemoryMoments {
  const kept = new Map<MomentId, KeptMoment>();
  const pictures = new Map<string, KeptPicture>();
  return {
    moments: momentStore(kept, pictures),
    momentReplies: createMomentReplies(kept, logs),
    momentPictures: createMomentPictures(pictures),
  };
}

function momentStore(kept: Map<MomentId, KeptMoment>, pictures: Map<string, KeptPicture>): MomentStore {
  const ofAuthor = (author: UserId) => [...kept.values()].filter(({ moment }) => moment.author === author);
  const shown = ({ moment, replies }: KeptMoment): Moment => {
    const likes = [...replies.likes.values()].filter(({ liked }) => liked).length;
    return structuredClone({ ...moment, likes, comments: replies.comments.length });
  };
  const isFor = ({ author, chosen }: Moment, viewer: UserId) =>
    chosen === null || author === viewer || chosen.includes(viewer);
  return {
    async post({ pictureIds, ...rest }) {
      const own = ofAuthor(rest.author);
      const known = own.find(({ moment }) => moment.clientMomentId === rest.clientMomentId);
      if (known !== undefined) return shown(known);
      const { maxMomentsPerUser } = MOMENT_LIMITS;
      if (own.length >= maxMomentsPerUser) {
        throw new ImError('limit_reached', `your moments: at most ${maxMomentsPerUser}`);
      }
      const taken = pictureIds.map((id) => {
        const one = pictures.get(id);
        if (one?.owner === rest.author && one.state === 'unposted') return one;
        throw new ImError('not_found', `there is no picture ${id} to post`, { field: 'pictures' });
      });
      for (const one of taken) Object.assign(one, { state: 'posted', momentId: rest.momentId });
      const moment = { ...rest, pictures: taken.map(({ picture }) => picture), likes: 0, comments: 0 };
      const one: KeptMoment = { moment, replies: { likes: new Map(), comments: [] } };
      kept.set(moment.momentId, one);
      return shown(one);
    },
    async get(momentIds) {
      return momentIds.map((momentId) => {
        const one = kept.get(momentId);
        return one === undefined ? null : shown(one);
      });
    },
    async page(viewer, authors, { before = '~', limit }) {
      const found = [...new Set(authors)]
        .flatMap(ofAuthor)
        .filter(({ moment }) => moment.momentId < before && isFor(moment, viewer));
      return found
        .sort((a, b) => (a.moment.momentId < b.moment.momentId ? 1 : -1))
        .slice(0, limit)
        .map(shown);
    },
    async remove(author, momentId) {
      if (kept.get(momentId)?.moment.author !== author) return false;
      kept.delete(momentId);
      for (const one of pictures.values()) if (one.momentId === momentId) one.state = 'due';
      return true;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

export interface KeptPicture {
  owner: UserId;
  picture: Picture;
  /** Unix ms. */
  at: number;
  state: 'unposted' | 'posted' | 'due';
  momentId?: MomentId;
}

export function createMomentPictures(pictures: Map<PictureId, KeptPicture>): MomentPictures {
  const all = () => [...pictures.values()];
  return {
    async note(owner, picture, at) {
      if (pictures.has(picture.pictureId)) return;
      const { maxUnpostedPictures } = MOMENT_LIMITS;
      if (all().filter((one) => one.owner === owner && one.state === 'unposted').length >= maxUnpostedPictures) {
        throw new ImError('limit_reached', `your unposted pictures: at most ${maxUnpostedPictures}`);
      }
      pictures.set(picture.pictureId, { owner, picture, at, state: 'unposted' });
    },
    async due(unpostedBefore, limit) {
      for (const one of all()) if (one.state === 'unposted' && one.at < unpostedBefore) one.state = 'due';
      const due = all().filter(({ state }) => state === 'due');
      return due.slice(0, limit).map(({ picture }) => picture.pictureId);
    },
    known: async (pictureIds) => pictureIds.filter((id) => pictures.has(id)),
    async strike(pictureIds) {
      for (const id of pictureIds) if (pictures.get(id)?.state === 'due') pictures.delete(id);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

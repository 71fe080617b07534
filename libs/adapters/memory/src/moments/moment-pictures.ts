import { ImError, MOMENT_LIMITS, type MomentId, type Picture, type PictureId, type UserId } from '@chasqui/domain';
import type { MomentPictures } from '@chasqui/ports';

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
    async strike(pictureIds) {
      for (const id of pictureIds) if (pictures.get(id)?.state === 'due') pictures.delete(id);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

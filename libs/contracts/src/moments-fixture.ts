import type { LogEntry, Moment, MomentComment, NewMoment, Picture, UserId } from '@chasqui/domain';
import type { MomentPictures, MomentReplies, MomentStore, UpdateLog } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';

/** Moments and the logs that their transactions append to. */
export interface MomentEngines {
  moments: MomentStore;
  momentReplies: MomentReplies;
  momentPictures: MomentPictures;
  logs: UpdateLog;
}

export type MomentsHarness = Harness<MomentEngines>;

export const AT = 1_767_225_600_000;

/** An id that sorts by its number. */
export function idOf(n: number): string {
  return n.toString(16).padStart(24, '0');
}

export function pictureOf(n: number): Picture {
  return { pictureId: n.toString(16).padStart(32, '0'), type: 'image/png', bytes: 100 + n, width: 30, height: 20 };
}

export function newMoment(n: number, fields: Partial<NewMoment> = {}): NewMoment {
  return {
    momentId: idOf(n),
    author: 'ann',
    clientMomentId: `post-${n}`,
    text: `moment ${n} 你好 🌊`,
    pictureIds: [],
    chosen: null,
    at: AT + n,
    ...fields,
  };
}

export function newComment(n: number, fields: Partial<MomentComment> = {}): MomentComment {
  return {
    momentId: idOf(1),
    commentId: idOf(1_000 + n),
    author: 'bob',
    clientCommentId: `comment-${n}`,
    text: `comment ${n} 好`,
    at: AT + n,
    ...fields,
  };
}

/** The expected moment once it is stored. */
export function kept({ pictureIds: _, ...rest }: NewMoment, pictures: Picture[] = []): Moment {
  return { ...rest, pictures, likes: 0, comments: 0 };
}

export function momentsFixture(harness: MomentsHarness) {
  const subject = subjectOf(harness, ({ moments, momentReplies, momentPictures, logs }) => [
    ...[moments, momentReplies, momentPictures, logs],
  ]);
  return {
    subject,
    moments: () => subject.current.moments,
    replies: () => subject.current.momentReplies,
    pictures: () => subject.current.momentPictures,
    async inbox(userId: UserId): Promise<LogEntry[]> {
      return (await subject.current.logs.page(userId, 0, 500)).entries;
    },
    async ids(viewer: UserId, authors: UserId[], limit: number, before?: number): Promise<string[]> {
      const page = { limit, ...(before === undefined ? {} : { before: idOf(before) }) };
      return (await subject.current.moments.page(viewer, authors, page)).map(({ momentId }) => momentId);
    },
  };
}

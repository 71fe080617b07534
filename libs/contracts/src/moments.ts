import { describe } from 'vitest';
import type { MomentsHarness } from './moments-fixture.ts';
import { momentNewsTests } from './moments-news.ts';
import { momentPictureTests } from './moments-pictures.ts';
import { momentPostTests } from './moments-posts.ts';
import { momentReplyTests } from './moments-replies.ts';

/** Everything that `MomentStore`, `MomentReplies` and `MomentPictures` promise. */
export function momentsContract(name: string, harness: MomentsHarness): void {
  describe(`MomentStore, MomentReplies and MomentPictures: ${name}`, { timeout: 60_000 }, () => {
    describe('posts', () => momentPostTests(harness));
    describe('pictures', () => momentPictureTests(harness));
    describe('replies', () => momentReplyTests(harness));
    describe('news', () => momentNewsTests(harness));
  });
}

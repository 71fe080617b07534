import { type Clock, nameWords, type Profile, pictureOfUser, searchedNameWords, type UserId } from '@chasqui/domain';
import type { ProfileStore } from '@chasqui/ports';
import { AttachmentTable } from '../attachments/attachment-table.ts';

export interface MemoryProfilesOptions {
  /** Those that are their pictures. Default: none. */
  attachments?: AttachmentTable;
  clock?: Pick<Clock, 'now'>;
}

/** Profiles in memory, for tests and simulations. */
export function createMemoryProfiles({
  attachments = new AttachmentTable(),
  clock,
}: MemoryProfilesOptions = {}): ProfileStore {
  const profiles = new Map<UserId, Profile>();
  const show = (userId: UserId, before = '', after: string) =>
    attachments.show(pictureOfUser(userId), { before, after, by: userId, at: clock?.now() ?? 0 });
  return {
    async get(userIds) {
      return userIds.map((userId) => structuredClone(profiles.get(userId) ?? null));
    },
    async put(profile) {
      const known = profiles.get(profile.userId);
      if (profile.version !== (known?.version ?? 0) + 1) return false;
      profiles.set(profile.userId, structuredClone(profile));
      show(profile.userId, known?.avatar, profile.avatar);
      return true;
    },
    async remove(userId) {
      show(userId, profiles.get(userId)?.avatar, '');
      profiles.delete(userId);
    },
    async search(text, limit) {
      const searched = searchedNameWords(text);
      if (searched.length === 0) return [];
      const found = [...profiles.values()].filter((profile) => {
        const words = nameWords(profile);
        return searched.every((start) => words.some((word) => word.startsWith(start)));
      });
      found.sort((a, b) => Number(b.userId === text) - Number(a.userId === text) || (a.userId < b.userId ? -1 : 1));
      return structuredClone(found.slice(0, limit));
    },
    async page(after, limit) {
      const found = [...profiles.values()].filter(({ userId }) => userId > after);
      return structuredClone(found.sort((a, b) => (a.userId < b.userId ? -1 : 1)).slice(0, limit));
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

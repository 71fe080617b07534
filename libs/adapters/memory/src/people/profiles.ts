import { nameWords, type Profile, searchedNameWords, type UserId } from '@chasqui/domain';
import type { ProfileStore } from '@chasqui/ports';

/** Profiles in memory, for tests and simulations. */
export function createMemoryProfiles(): ProfileStore {
  const profiles = new Map<UserId, Profile>();
  return {
    async get(userIds) {
      return userIds.map((userId) => structuredClone(profiles.get(userId) ?? null));
    },
    async put(profile) {
      if (profile.version !== (profiles.get(profile.userId)?.version ?? 0) + 1) return false;
      profiles.set(profile.userId, structuredClone(profile));
      return true;
    },
    async remove(userId) {
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

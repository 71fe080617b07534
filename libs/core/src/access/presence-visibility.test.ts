import { createManualClock } from '@chasqui/contracts';
import { initialProfile } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { PresenceVisibility, type PresenceVisibilityOptions } from './presence-visibility.ts';

/**
 * `open`, `friendly` and `shy` set their visibility accordingly; `cross` blocks Ann; Ann is a contact of `friendly`,
 * but not of `distant`.
 */
function visibility(replaced: Partial<PresenceVisibilityOptions> = {}) {
  const presence = { friendly: 'contacts', distant: 'contacts', shy: 'nobody' } as const;
  return new PresenceVisibility({
    clock: createManualClock(),
    logger: silentLogger,
    profiles: {
      get: async (userIds) =>
        userIds.map((userId) => {
          const { privacy, ...rest } = initialProfile(userId);
          if (userId === 'silent') return null;
          return { ...rest, privacy: { ...privacy, presence: presence[userId as 'shy'] ?? 'everyone' } };
        }),
    },
    contacts: { states: async (userId) => [userId === 'friendly' ? 'contact' : 'outgoing'] },
    blocks: { blocked: async (pairs) => pairs.map(({ userId, other }) => userId === 'cross' && other === 'ann') },
    ...replaced,
  });
}

const everybody = ['ann', 'open', 'silent', 'friendly', 'distant', 'shy', 'cross'];

test('presence is for whom its owner wants it to be, and for the owner', async () => {
  expect(await visibility().visibleTo('ann', everybody)).toEqual(['ann', 'open', 'silent', 'friendly']);
});

test('what cannot be read is hidden', async () => {
  const away = visibility({ profiles: { get: () => Promise.reject(new Error('away')) } });
  expect(await away.visibleTo('ann', everybody)).toEqual(['ann']);
});

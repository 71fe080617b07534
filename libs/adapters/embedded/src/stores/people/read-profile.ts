import { initialProfile, type Profile } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';

/** A damaged profile gets the initial values and cannot be found, so that its user can write it again. */
export function readProfile(db: Database, userId: string, body: string, version: number): Profile {
  return storedJson<Profile>(...([db, body, () => `profile of ${userId}`] as const), () => ({
    ...initialProfile(userId),
    version,
    privacy: { presence: 'nobody', lastSeen: 'nobody', groups: 'nobody', discoverable: false },
  }));
}

export function profileOf(db: Database, userId: string): Profile | null {
  const row = db.get('SELECT body, version FROM profiles WHERE user = ?', userId);
  return row === undefined ? null : readProfile(db, userId, row[0] as string, row[1] as number);
}

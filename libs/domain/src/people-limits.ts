/** Every bound of what is kept of people and their devices, named once (C16). */
export const PEOPLE_LIMITS = {
  /** Devices of one user. At the bound, the one that was seen longest ago goes, with its registrations. */
  maxDevicesPerUser: 20,
  /** Cut-offs of sessions of one user's single devices. At the bound, the oldest goes. */
  maxRevocationsPerUser: 100,
  /** Log-ins of one user that can still be refreshed. At the bound, the one that was refreshed longest ago goes. */
  maxLoginsPerUser: 100,
  /** Contacts of one user, and the user's own requests. At the bound: `limit_reached`. */
  maxContactsPerUser: 5_000,
  /** Requests to one user that wait for an answer. At the bound, the one that waits longest goes, at both ends. */
  maxIncomingRequests: 1_000,
  /** Users that one user blocks. At the bound: `limit_reached`. */
  maxBlocksPerUser: 5_000,
  /** Users that one search finds. */
  maxUsersFound: 50,
  /** Words of one search for users; the others are not looked at. */
  maxSearchWords: 4,
} as const;

/** Every bound of data about users and their devices (C16). */
export const PEOPLE_LIMITS = {
  /** Devices of one user. At the bound, the device seen longest ago is evicted with its registrations. */
  maxDevicesPerUser: 20,
  /** Cut-offs of single devices of one user. At the bound, the oldest is evicted. */
  maxRevocationsPerUser: 100,
  /** Log-ins of one user that can still be refreshed. At the bound, the one refreshed longest ago is evicted. */
  maxLoginsPerUser: 100,
  /** Contacts and outgoing requests of one user. At the bound: `limit_reached`. */
  maxContactsPerUser: 5_000,
  /** Unanswered requests to one user. At the bound, the oldest is removed for both users. */
  maxIncomingRequests: 1_000,
  /** Users that one user blocks. At the bound: `limit_reached`. */
  maxBlocksPerUser: 5_000,
  /** Results of one user search. */
  maxUsersFound: 50,
  /** Words of one user search; further words are ignored. */
  maxSearchWords: 4,
} as const;

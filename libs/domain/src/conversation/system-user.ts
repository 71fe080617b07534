import type { UserId } from './conversation-id.ts';

/**
 * The sender of messages of the system, which only the server API sends: nobody can log in as it. It writes to every
 * group without being a member, and no block binds it.
 */
export const SYSTEM_USER: UserId = 'system';

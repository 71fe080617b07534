/** Conversations whose newest messages are in memory when a client starts; of all others only the last message is. */
export const RECENT_CONVERSATIONS = 50;
/** Messages of each of them. */
export const RECENT_MESSAGES = 20;

/** Topic of all events of conversations, sharded by conversation (`synced` events: by user). */
export const CONVERSATION_TOPIC = 'conversation';
/** Topic that feeds the search index, sharded by conversation. */
export const SEARCH_TOPIC = 'search-sync';
/** Topic of push tasks, sharded by user. */
export const PUSH_TOPIC = 'push';
/** Topic of what the host application is told, sharded by the key of each server event. */
export const SERVER_EVENT_TOPIC = 'server-events';

/** The consumer groups that all processes of an app share. */
export const BUSINESS_GROUP = 'business';
export const DATASYNC_GROUP = 'datasync';
export const PUSH_GROUP = 'push';
export const HOOKS_GROUP = 'hooks';

/** The consumer group of each topic. Engines create these groups, and their backlogs are monitored. */
export const CONSUMER_GROUPS = [
  { topic: CONVERSATION_TOPIC, group: BUSINESS_GROUP },
  { topic: SEARCH_TOPIC, group: DATASYNC_GROUP },
  { topic: PUSH_TOPIC, group: PUSH_GROUP },
  { topic: SERVER_EVENT_TOPIC, group: HOOKS_GROUP },
] as const;

/** The names of our tables. */
export interface TableNames {
  /** Messages by conversation, newest first. */
  messages: string;
  /** The conversation of each message, by its id. */
  locations: string;
}

export function tableNames(prefix: string): TableNames {
  return { messages: `${prefix}messages`, locations: `${prefix}message_locations` };
}

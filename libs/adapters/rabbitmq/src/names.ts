/** The names of everything that the bus has in RabbitMQ. */
export interface Names {
  /** The exchange of a topic; its routing keys are shards. */
  topic(topic: string): string;
  /** The queue of a group's shard. */
  shard(topic: string, group: string, shard: number): string;
  /** A queue without messages: each member of the group consumes it, so the broker counts them. */
  members(topic: string, group: string): string;
  /** The exchange of dead letters; its routing keys are `deadKey`. */
  dead: string;
  deadKey(topic: string, group: string): string;
  /** The stream of a group's dead letters. */
  deadLetters(topic: string, group: string): string;
  /** The exchange, and the queue, of a level of delay. */
  delay(level: number): string;
  /** The exchange that delayed messages reach when they are due. */
  due: string;
  /** The exchange of questions to the members of a group; its routing keys are `deadKey`. */
  asks: string;
  /** The exchange of their answers; its routing keys are ids of processes. */
  answers: string;
  /** An exchange that nothing is published to: it is there once setup has made everything, and apps may start. */
  finished: string;
  /** The queue of one process, for questions and answers. */
  process(clientId: string): string;
}

export function namesOf(prefix: string): Names {
  return {
    topic: (topic) => `${prefix}${topic}`,
    shard: (topic, group, shard) => `${prefix}${topic}.${group}.${shard}`,
    members: (topic, group) => `${prefix}${topic}.${group}.members`,
    dead: `${prefix}dead`,
    deadKey: (topic, group) => `${topic}.${group}`,
    deadLetters: (topic, group) => `${prefix}${topic}.${group}.dead`,
    delay: (level) => `${prefix}delay.${level}`,
    due: `${prefix}delay.due`,
    asks: `${prefix}asks`,
    answers: `${prefix}answers`,
    finished: `${prefix}finished`,
    process: (clientId) => `${prefix}process.${clientId}`,
  };
}

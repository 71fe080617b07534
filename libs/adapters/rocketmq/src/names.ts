import type { BusStream } from './config.ts';
import type { MessageType } from './remoting/broker.ts';

/** What the topics and groups of the bus are called in RocketMQ. */
export interface Names {
  topic(topic: string): string;
  /** The topic of delayed messages. */
  delayed(topic: string): string;
  group(topic: string, group: string): string;
  /** The group that moves delayed messages into their topic when they are due. */
  movers(topic: string): string;
  /** The topic that keeps what a group could never handle. */
  deadLetters(topic: string, group: string): string;
}

export function namesOf(prefix: string): Names {
  return {
    topic: (topic) => `${prefix}${topic}`,
    delayed: (topic) => `${prefix}${topic}-delayed`,
    group: (topic, group) => `${prefix}${topic}-${group}`,
    movers: (topic) => `${prefix}${topic}-delayed`,
    deadLetters: (topic, group) => `${prefix}${topic}-${group}-dead`,
  };
}

/** A topic as it has to be in RocketMQ, with the groups that receive from it. */
export interface EngineTopic {
  name: string;
  type: MessageType;
  /** How many queues it gets when it is made. */
  queues: number;
  groups: readonly string[];
}

/** Queues of a topic whose messages are few. */
const FEW = 4;

/** Everything that the bus needs in RocketMQ. */
export function engineTopics(names: Names, streams: readonly BusStream[], shards: number): EngineTopic[] {
  return streams.flatMap(({ topic, groups }): EngineTopic[] => [
    {
      name: names.topic(topic),
      type: 'FIFO',
      queues: shards,
      groups: groups.map((group) => names.group(topic, group)),
    },
    { name: names.delayed(topic), type: 'DELAY', queues: FEW, groups: [names.movers(topic)] },
    // One queue, so that the newest are at its end.
    ...groups.map((group) => ({
      name: names.deadLetters(topic, group),
      queues: 1,
      groups: [],
      type: 'NORMAL' as const,
    })),
  ]);
}

import type { BusStream } from './config.ts';
import type { MessageType } from './remoting/broker.ts';

/** The names of the bus's topics and groups in RocketMQ. */
export interface Names {
  topic(topic: string): string;
  /** The topic of delayed messages. */
  delayed(topic: string): string;
  group(topic: string, group: string): string;
  /** The group that moves due messages into their topic. */
  movers(topic: string): string;
  /** The topic of the messages that a group could never handle. */
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

/** A topic as it must exist in RocketMQ, with its consumer groups. */
export interface EngineTopic {
  name: string;
  type: MessageType;
  /** Number of queues when it is made. */
  queues: number;
  groups: readonly string[];
}

/** Number of queues of a topic with few messages. */
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

import type { GroupHead } from '@chasqui/client';
import type { ServerFrame } from '@chasqui/protocol';
import type { History } from '../history.ts';
import type { DeviceEnd } from '../outcome.ts';
import type { GroupEngines } from './outcome.ts';

/** A frame that a node sent to a device, recorded where it left or where it came. */
export interface SentFrame {
  /** On the history's clock, in ms. */
  at: number;
  device: string;
  /** The device's connection. */
  session: string;
  user: string;
  frame: ServerFrame;
}

/** A device in its final state. */
export interface GroupDevice {
  readonly name: string;
  readonly user: string;
  end(): DeviceEnd;
  /** What its list of conversations shows of a group. */
  headOf(group: string): GroupHead | undefined;
}

/** What is known of a cluster with groups that has settled. */
export interface GroupEvidence {
  history: History;
  sent: readonly SentFrame[];
  groups: readonly string[];
  devices: readonly GroupDevice[];
  engines: GroupEngines;
  /** How long a client takes at most to write down what it has shown, in ms. */
  writeDownMs: number;
  /** How long a frame may be on its way to where it is recorded, and an answer overtake it, in ms. */
  slackMs: number;
  /** How often each message of a group was handed to each node, by both; empty: not recorded. */
  forwards: ReadonlyMap<string, number>;
  /** `user messageId` of what users have hidden from themselves; absent: nothing. */
  hidden?: ReadonlySet<string>;
  /** When nodes could not be told of removals, on the history's clock. */
  blind: readonly { from: number; to: number }[];
}

/**
 * A node whose lease and subscriptions were lost with all soft state, or ended while it could not be renewed, cannot be
 * told of a removal until it has registered everything again: at the latest this long after soft state is there, in ms.
 */
export const BLIND_MS = 10_000;

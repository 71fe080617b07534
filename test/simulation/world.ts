import type { Transport } from '@chasqui/client';
import { RecentMessages } from '@chasqui/core';
import type { MessageId } from '@chasqui/domain';
import type { EntryKey } from '@chasqui/ports';
import type { ServerFrame } from '@chasqui/protocol';
import type { GroupChanges } from '../../apps/api/src/groups/group-changes.ts';
import { ackRecord, type History, type SentFrame } from '../checker/index.ts';
import type { Counts } from './counts.ts';
import type { Sabotage } from './engine-set.ts';
import { Engines } from './engines.ts';
import type { Mortal } from './mortal.ts';
import { Network } from './network.ts';
import { PeerNetwork } from './peer-network.ts';
import { Dice } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { Witness } from './witness.ts';

/** Parts that are broken on purpose, so that the checker has something to find. */
export interface Breakage {
  engines?: Sabotage;
  /** Changes the frames that devices send and receive. */
  transport?: (transport: Transport) => Transport;
}

/** The state that all processes of a simulated cluster share. */
export class World {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly history: History;
  readonly counts: Counts;
  readonly breakage: Breakage;
  readonly engines: Engines;
  readonly network: Network;
  readonly peers: PeerNetwork;
  /** Of the first Business and the first DataSync, as if they were one process. */
  readonly lately = new RecentMessages();
  /** The error of the clock at a place, in ms. */
  readonly skews = new Map<string, number>();
  /** The probability that the bus loses the ack of a batch. */
  duplicates = 0;
  /** The API's process that changes groups; null: there are no groups. */
  groupChanges: { process: Mortal; changes: GroupChanges } | null = null;
  /** The API's process that hides messages; null: nobody hides any. */
  messageApi: { process: Mortal; hide(key: EntryKey, messageIds: readonly MessageId[]): Promise<void> } | null = null;
  readonly witness: Witness;
  /** In worlds with groups: all that nodes sent. */
  readonly sent: SentFrame[] = [];
  /** How often each message of a group was handed to each process. */
  readonly forwards = new Map<string, number>();

  constructor(seed: number, parts: { clock: VirtualClock; history: History; counts: Counts; breakage: Breakage }) {
    const { clock, history, counts, breakage } = parts;
    this.clock = clock;
    this.history = history;
    this.counts = counts;
    this.breakage = breakage;
    this.dice = new Dice(seed);
    const witness = new Witness(() => Math.round(clock.monotonic()));
    this.witness = witness;
    this.engines = new Engines({ clock, dice: this.dice, witness, sabotage: breakage.engines });
    this.network = new Network(clock, this.dice.stream('network'));
    this.peers = new PeerNetwork(clock, this.dice.stream('peers'), 2_000);
    this.network.onSent = (owner, session, text) => {
      const frame = JSON.parse(text) as ServerFrame;
      if (this.groupChanges !== null) {
        const user = owner.slice(0, owner.indexOf('/'));
        this.sent.push({ at: Math.round(clock.monotonic()), device: owner, session, user, frame });
      }
      if (frame.type !== 'send_ack' && frame.type !== 'server_ack') return;
      const record = ackRecord(frame, owner.slice(0, owner.indexOf('/')), owner);
      history.add({ ...record, held: witness.holds(record.level, record.identity, record.messageId) });
      counts.add(`acks ${record.level}`);
    };
  }
}

import { createManualClock, messageBusContract } from '@chasqui/contracts';
import { type BusConnection, createMemoryBus, type MemoryBus } from './bus.ts';

const clock = createManualClock();
let bus: MemoryBus;
let connection: BusConnection;

messageBusContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 100,
  async create() {
    bus = createMemoryBus({ clock, random: () => 0.5, shards: 8 });
    connection = bus.connect();
    return connection;
  },
  // The bus outlives the processes that use it.
  async reopen() {
    connection.kill();
    connection = bus.connect();
    return connection;
  },
  async connect() {
    const other = bus.connect();
    return { bus: other, kill: async () => other.kill() };
  },
});

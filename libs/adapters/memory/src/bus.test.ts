import { createManualClock, messageBusContract } from '@chasqui/ports/contracts';
import { createMemoryBus, type MemoryBus } from './bus.ts';

const clock = createManualClock();
let bus: MemoryBus;

messageBusContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 100,
  async create() {
    bus = createMemoryBus({ clock, random: () => 0.5, shards: 8 });
    return bus;
  },
  async connect() {
    const connection = bus.connect();
    return { bus: connection, kill: async () => connection.kill() };
  },
});

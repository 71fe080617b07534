// A process as short as possible: opens the bus of the installation that its argument names, publishes, consumes, ends.
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { RabbitmqConfig } from '../config.ts';
import { openRabbitmqEngines } from '../index.ts';

const config = JSON.parse(process.argv[2] ?? '') as RabbitmqConfig;
const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
const { promise: received, resolve } = Promise.withResolvers<void>();

await using engines = await openRabbitmqEngines({ config, ...parts });
engines.bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async () => resolve() });
await engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '["hello"]' });
await received;
process.stdout.write('received\n');

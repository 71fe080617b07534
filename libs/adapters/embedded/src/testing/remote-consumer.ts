import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { connectEmbeddedEngines } from '../index.ts';

/** A process that takes bus messages and never settles them; it prints those that it took. */
const [path = ''] = process.argv.slice(2);
const engines = await connectEmbeddedEngines({ path, clock: systemClock, random: systemRandom, logger: silentLogger });
engines.bus.consume({
  topic: CONVERSATION_TOPIC,
  group: 'workers',
  handle(batch) {
    for (const { body } of batch) process.stdout.write(`${body}\n`);
    return new Promise(() => {});
  },
});
process.stdout.write('ready\n');

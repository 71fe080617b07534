// node test/load/backlog/main.ts [--messages 1000000]
import { parseArgs } from 'node:util';
import { syncBacklog } from './sync-backlog.ts';

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
const size = { messages: Number(values.messages), senders: 100, characters: 300 };
const { reading, filledMs, server } = await syncBacklog({ ...size, heapLimitMb: { client: 64, server: 256 } });
const mb = (value: number) => Math.round(value);
const seconds = (ms: number) => (ms / 1_000).toFixed(1);
process.stdout.write(
  [
    `messages waiting          ${size.messages} of ${size.characters} characters, from ${size.senders} senders`,
    `filled in                 ${seconds(filledMs)} s, straight into the stores`,
    `shown                     ${reading.shown}; out of place: ${reading.wrong}`,
    `first shown after         ${seconds(reading.firstMs)} s, caught up after ${seconds(reading.caughtUpMs)} s`,
    `messages a second         ${mb(reading.shown / (reading.caughtUpMs / 1_000))}`,
    `device, alive after each tenth  ${reading.heapMb.map((value) => value.toFixed(1)).join(', ')} MB`,
    `device, resident at most  ${mb(reading.residentMb)} MB`,
    `server, resident          ${mb(server.beforeMb)} MB before, ${mb(server.mostMb)} MB at most`,
    '',
  ].join('\n'),
);

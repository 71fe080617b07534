import { setTimeout as pause } from 'node:timers/promises';
import { rabbitmqctl } from '../../deploy/engines/rabbitmq.ts';
import type { Trouble } from './trouble.ts';

/** Long enough for users to be refused hundreds of messages. */
const ALARM_MS = 10_000;
const RAISED_MS = 10_000;

/** As `engines:up` starts it: RabbitMQ's own part of all memory, and our few bytes of disk. */
const CALM = { memory: ['set_vm_memory_high_watermark', '0.4'], disk: ['set_disk_free_limit', '50MB'] };

/** The broker is short of memory or disk: it takes no messages, and hands out those that it has. */
export const ALARMS: readonly Trouble[] = [
  alarm('memory', ['set_vm_memory_high_watermark', '0.00001']),
  alarm('disk', ['set_disk_free_limit', '9000GB']),
];

function alarm(what: keyof typeof CALM, raise: readonly string[]): Trouble {
  return {
    name: `RabbitMQ is short of ${what}`,
    async run() {
      await rabbitmqctl(raise);
      try {
        await raised(what);
        await pause(ALARM_MS);
      } finally {
        await rabbitmqctl(CALM[what]);
      }
      return 'rabbitmq';
    },
  };
}

/** Errors: the broker raises no such alarm. */
async function raised(what: string): Promise<void> {
  const end = performance.now() + RAISED_MS;
  for (;;) {
    const alarms = await rabbitmqctl(['eval', 'rabbit_alarm:get_alarms().']);
    if (alarms.includes(`{resource_limit,${what},`)) return;
    if (performance.now() > end) throw new Error(`RabbitMQ is not short of ${what}: ${alarms}`);
    await pause(100);
  }
}

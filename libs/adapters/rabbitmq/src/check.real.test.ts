import { systemClock, systemRandom } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { checkRabbitmq } from './check.ts';
import { ownConfig } from './testing/installation.ts';

test('before setup the queues are missing, and the rights of the user are found well', async () => {
  const findings = await checkRabbitmq({ config: ownConfig(), clock: systemClock, random: systemRandom });
  expect(findings.map(({ ok, what }) => [ok, what])).toEqual([
    [true, expect.stringMatching(/^RabbitMQ at 127\.0\.0\.1:\d+: \d+\.\d+/)],
    [true, 'RabbitMQ: the user may configure, write and read what has the prefix'],
    [true, expect.stringContaining('RabbitMQ takes messages')],
    [false, 'RabbitMQ: queues'],
  ]);
  expect(findings.at(-1)?.hint).toMatch(/RabbitMQ lacks .*run: npx chasqui setup/);
});

import { expect, test } from 'vitest';
import { checkServer, hasDeliveryLimit } from './server-check.ts';

test.each([
  ['3.10.8', false],
  ['3.13.7', false],
  ['4.0.0', true],
  ['4.2.1-rc.1', true],
])('RabbitMQ %s is taken; whether it limits deliveries: %s', (version, limits) => {
  expect(() => checkServer({ product: 'RabbitMQ', version })).not.toThrow();
  expect(hasDeliveryLimit({ version })).toBe(limits);
});

test.each([
  ['RabbitMQ', '3.9.29'],
  ['RabbitMQ', undefined],
  ['LavinMQ', '4.0.0'],
])('%s %s is refused, by name', (product, version) => {
  expect(() => checkServer({ product, version })).toThrow(
    `needs RabbitMQ 3.10 or later; this is ${product} ${version}`,
  );
});

import { expect, test } from 'vitest';
import { parseRabbitmqUrl } from './rabbitmq-url.ts';

test.each([
  ['amqp://127.0.0.1', { endpoints: [{ host: '127.0.0.1', port: 5672 }], vhost: '/', tls: false }],
  [
    'amqps://chat:p%40ss:word@a.example:5000,b.example/im',
    {
      endpoints: [
        { host: 'a.example', port: 5000 },
        { host: 'b.example', port: 5671 },
      ],
      user: 'chat',
      password: 'p@ss:word',
      vhost: 'im',
      tls: true,
    },
  ],
  ['amqp://[::1]:5673/%2F', { endpoints: [{ host: '::1', port: 5673 }], vhost: '/', tls: false }],
])('%s', (text, address) => {
  expect(parseRabbitmqUrl(text)).toEqual(address);
});

test.each(['redis://x', 'amqp://', 'amqp://a:0', 'amqp://a:65536', 'amqp://a/b/c', 'amqp://u:%zz@a', 'amqp://a,'])(
  '%s is refused without being repeated',
  (text) => {
    expect(() => parseRabbitmqUrl(text)).toThrow(/^must be amqp:\/\/ or amqps:/);
  },
);

import { expect, test } from 'vitest';
import { deviceName, newDeviceId } from './device-name.ts';

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
    'Chrome, Linux',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36 Edg/143.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Safari, macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
])('a browser is known by its name and system: %s', (userAgent, name) => {
  expect(deviceName(newDeviceId(userAgent, '4wyk20a7qfhr'))).toBe(name);
});

test('a browser without a known name', () => {
  expect(newDeviceId('curl/8', '4wyk20a7qfhr')).toBe('web-other-4wyk20a7qfhr');
  expect(deviceName('web-other-4wyk20a7qfhr')).toBe('web-other-4wyk20a7qfhr');
});

test('an id that the page did not choose stays as it is', () => {
  expect(deviceName('phone-of-amy')).toBe('phone-of-amy');
  expect(deviceName('web-4wyk20a7qfhr')).toBe('web-4wyk20a7qfhr');
});

import { expect, test } from 'vitest';
import { placeLink, placeName } from './place-link.ts';

const lima = { latitude: -12.0464, longitude: -77.0428 };

test('a place is called by its name and address, or by its coordinates', () => {
  expect(placeName({ ...lima, name: 'Plaza Mayor', address: 'Lima' })).toBe('Plaza Mayor, Lima');
  expect(placeName({ ...lima, address: 'Lima' })).toBe('Lima');
  expect(placeName(lima)).toBe('-12.04640, -77.04280');
});

test('its link leads to a map, whatever the numbers', () => {
  expect(placeLink(lima)).toBe('https://www.openstreetmap.org/?mlat=-12.0464&mlon=-77.0428#map=16/-12.0464/-77.0428');
  expect(new URL(placeLink({ latitude: 1e-7, longitude: 180 })).host).toBe('www.openstreetmap.org');
});

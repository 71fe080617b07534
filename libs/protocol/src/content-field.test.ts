import { expect, test } from 'vitest';
import { ContentField } from './content-field.ts';
import { schemaCheck } from './schema-check.ts';

const check = schemaCheck(ContentField);
const location = { latitude: 90, longitude: -180, name: 'North', address: 'Pole 1' };
const contact = { userId: 'eva', name: 'Eva' };

test.each([
  [{ location }],
  [{ text: 'here', location: { latitude: 0.5, longitude: 0 } }],
  [{ contact }],
  [{ contact: { userId: 'eva' }, data: { own: [1] } }],
])('a location and a contact have checked fields: %j', (content) => {
  expect(check(content)).toBeNull();
});

test.each([
  [{}, ''],
  [{ place: location }, 'place'],
  [{ location: { latitude: 90.1, longitude: 0 } }, 'location.latitude'],
  [{ location: { latitude: 0, longitude: -180.1 } }, 'location.longitude'],
  [{ location: { latitude: '0', longitude: 0 } }, 'location.latitude'],
  [{ location: { latitude: 0 } }, 'location.longitude'],
  [{ location: { ...location, height: 3 } }, 'location.height'],
  [{ location: { ...location, name: 'x'.repeat(201) } }, 'location.name'],
  [{ location: { ...location, address: 'x'.repeat(501) } }, 'location.address'],
  [{ location: [1, 2] }, 'location'],
  [{ contact: {} }, 'contact.userId'],
  [{ contact: { ...contact, userId: 'not a user' } }, 'contact.userId'],
  [{ contact: { ...contact, name: '' } }, 'contact.name'],
  [{ contact: { ...contact, phone: '1' } }, 'contact.phone'],
])('C15: any other content is refused with its field: %j', (content, field) => {
  expect(check(content)?.field).toBe(field);
});

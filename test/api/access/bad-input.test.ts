import { expect, test } from 'vitest';
import { makeKey, withKey } from './api-keys.ts';
import { callOf, ROUTES } from './routes.ts';
import { SERVER_ROUTES, serverCallOf } from './server-routes.ts';
import { ANA_PASSWORD, createWorld } from './world.ts';

interface Schema {
  type?: string;
  properties?: { [name: string]: Schema };
  required?: string[];
}
interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}

/** Valid bodies, for routes whose body in the table is meant to be refused. */
const RIGHT: { [operation: string]: object } = {
  'post /api/auth/register': { userId: 'newcomer', password: 'long enough' },
  'post /api/auth/login': { userId: 'ana', password: ANA_PASSWORD },
  'put /api/users/me/password': { password: ANA_PASSWORD, newPassword: 'battery staple' },
};

/** Fields that no payload of the tables has, and that need all of their own. */
const WHOLE: { [field: string]: object } = {
  forwardOf: { conversationId: 'ana~bob', messageId: '0'.repeat(24) },
};

interface Spoiled {
  url: string;
  payload?: object | undefined;
  headers?: { [name: string]: string };
  /** The field that the error must name. */
  field: string;
}

/** A valid request with one fault each time: an unknown field, a missing one, or one of a wrong type. */
function* spoiledRequests(
  operation: string,
  { parameters = [], requestBody }: Operation,
  url: string,
): Generator<Spoiled> {
  const payload = RIGHT[operation] ?? (ROUTES[operation] ?? SERVER_ROUTES[operation])?.payload;
  const [path = '', query = ''] = url.split('?');
  for (const { name, in: where } of parameters) {
    if (where === 'path') {
      const place = operation.split(' ')[1]?.split('/').indexOf(`{${name}}`) ?? 0;
      yield { url: path.split('/').with(place, '%20').join('/'), payload, field: name };
    } else if (where === 'header') {
      yield { url, payload, headers: { [name]: 'not a key' }, field: name };
    } else {
      const given = new URLSearchParams(query);
      given.set(name, '\u0000'.repeat(300));
      yield { url: `${path}?${given}`, payload, field: name };
    }
  }
  if (parameters.some(({ in: where }) => where === 'query')) {
    yield { url: `${path}?${query}${query && '&'}surprise=1`, payload, field: 'surprise' };
  }
  if (requestBody === undefined || payload === undefined) return;
  const { required = [], properties = {} } = requestBody.content['application/json'].schema;
  yield { url, payload: { ...payload, surprise: 1 }, field: 'surprise' };
  for (const name of required) {
    const { [name]: _, ...rest } = payload as { [name: string]: unknown };
    yield { url, payload: rest, field: name };
  }
  for (const [name, { type, properties: inner }] of Object.entries(properties)) {
    // A field without a type takes one of several, lists of texts among them.
    const wrong = type === undefined ? 17 : type === 'array' ? 'of a wrong kind' : ['of', 'a', 'wrong', 'kind'];
    yield { url, payload: { ...payload, [name]: wrong }, field: name };
    for (const [deep, { type: deepType }] of Object.entries(inner ?? {})) {
      const wrongDeep = deepType === 'array' ? 'of a wrong kind' : ['wrong'];
      const right = (payload as { [field: string]: object })[name] ?? WHOLE[name];
      yield { url, payload: { ...payload, [name]: { ...right, [deep]: wrongDeep } }, field: `${name}.${deep}` };
      yield { url, payload: { ...payload, [name]: { ...right, surprise: 1 } }, field: `${name}.surprise` };
    }
  }
}

test('C15: whatever is wrong with a request of any route, the answer names it, and nothing is half done', {
  timeout: 90_000,
}, async () => {
  await using world = await createWorld();
  const { api } = world;
  const { paths } = api.app.swagger() as unknown as { paths: { [path: string]: { [method: string]: Operation } } };
  const before = await world.stateOf();
  let tried = 0;
  const key = await makeKey(api);
  for (const operation of [...Object.keys(ROUTES), ...Object.keys(SERVER_ROUTES)]) {
    const isServer = operation in SERVER_ROUTES;
    const { method, url } = isServer ? serverCallOf(operation) : callOf(operation, world.ids);
    const [, path = ''] = operation.split(' ');
    const described = paths[path]?.[method.toLowerCase()] ?? {};
    for (const { url: asked, payload, headers = {}, field } of spoiledRequests(operation, described, url)) {
      const who = isServer
        ? { headers: { ...withKey(key).headers, ...SERVER_ROUTES[operation]?.headers, ...headers } }
        : { headers, as: path.startsWith('/api/admin') ? 'root' : 'ana' };
      const answer = await api.call(method, asked, { ...(payload && { payload }), ...who });
      if (operation.startsWith('head ')) {
        // Without a body.
        expect(answer.statusCode, `${method} ${asked}`).toBe(400);
        continue;
      }
      const what = `${method} ${asked} ${JSON.stringify(payload)} → ${answer.statusCode} ${answer.payload}`;
      expect([answer.statusCode, answer.json().error?.code, answer.json().error?.field], what).toEqual([
        ...[400, 'invalid_request', field],
      ]);
      tried++;
    }
  }
  expect(await world.stateOf()).toEqual(before);
  expect(tried).toBeGreaterThan(80);
});

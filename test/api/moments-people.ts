import type { TestApi } from './fixture.ts';
import { PNG } from './pictures.ts';

/** Makes contacts of two users. */
export async function befriend(api: TestApi, a: string, b: string): Promise<void> {
  await api.deps.contacts.request(a, b, 1);
  await api.deps.contacts.accept(b, a, 2);
}

export async function upload(api: TestApi, as: string, bytes = PNG, type = 'image/png') {
  return api.call('POST', '/api/moments/pictures', { as, payload: bytes, headers: { 'content-type': type } });
}

/** Posts a moment and returns it. */
export async function post(api: TestApi, as: string, payload: object) {
  const answer = await api.call('POST', '/api/moments', { as, payload });
  if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${answer.payload}`);
  return answer.json() as { momentId: string; pictures: { pictureId: string }[] };
}

/** The texts of a user's feed. */
export async function feed(api: TestApi, as: string, query = ''): Promise<string[]> {
  const { moments } = (await api.call('GET', `/api/moments${query}`, { as })).json();
  return moments.map(({ text }: { text: string }) => text);
}

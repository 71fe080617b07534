/** Logs in at the API with the passwords of `fill.ts`, and calls it as these users. */
export const PEOPLE = ['ana', 'bo', 'chen'] as const;
export type Person = (typeof PEOPLE)[number];

export const passwordOf = (person: Person) => `the password of ${person}`;

/** One call of the API: its JSON answer, or a picture's bytes in base64. A refusal throws the answer's text. */
export type Call = (method: string, path: string, body?: object | Uint8Array) => Promise<unknown>;

export type Calls = { readonly [P in Person]: Call };

export async function logInAll(api: string): Promise<Calls> {
  const entries: [Person, Call][] = [];
  for (const person of PEOPLE) {
    const body = { userId: person, password: passwordOf(person) };
    const { accessToken } = (await call(api, undefined)('POST', '/api/auth/login', body)) as { accessToken: string };
    entries.push([person, call(api, accessToken)]);
  }
  return Object.fromEntries(entries) as Calls;
}

export async function register(api: string, person: Person): Promise<string> {
  const body = { userId: person, password: passwordOf(person), displayName: `${person} 名` };
  const { accessToken } = (await call(api, undefined)('POST', '/api/auth/register', body)) as { accessToken: string };
  return accessToken;
}

export function call(api: string, token: string | undefined): Call {
  return async (method, path, body) => {
    const isPicture = body instanceof Uint8Array;
    const headers = new Headers();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', isPicture ? 'image/gif' : 'application/json');
    const payload = body === undefined ? null : isPicture ? new Blob([new Uint8Array(body)]) : JSON.stringify(body);
    const answer = await fetch(new URL(path, api), { method, headers, body: payload });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    if (answer.headers.get('content-type')?.startsWith('image/')) {
      return Buffer.from(await answer.arrayBuffer()).toString('base64');
    }
    const text = await answer.text();
    return text === '' ? null : JSON.parse(text);
  };
}

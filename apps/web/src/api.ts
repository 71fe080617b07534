import { ImError, knownErrorCode } from '@chasqui/client';
import { defined, type MessageId, type UserId } from '@chasqui/domain';
import type {
  ConversationsPage,
  HistoryPage,
  NodeAddress,
  Problem,
  SearchPage,
  StatesPage,
  Tokens,
  UnreadBody,
  UserBody,
} from './api-bodies.ts';
import type { KeptLogin } from './login.ts';

/** A token is renewed this long before it expires. */
const MARGIN_MS = 30_000;
const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 60_000;

type Headers = { [header: string]: string };
type Query = { [name: string]: string | number | undefined };

/**
 * The HTTP API with the login's token, which is renewed before it expires. Errors: the server's, as `ImError`;
 * `connection_closed` without an answer. A login that cannot be renewed is ended.
 */
export class Api {
  readonly #login: KeptLogin;
  #renewing: Promise<string> | undefined;

  constructor(login: KeptLogin) {
    this.#login = login;
  }

  /** Whether users register and log in at this server. */
  async takesPasswords(): Promise<boolean> {
    return (await request<{ passwords: boolean }>('GET', '/api/auth', {})).passwords;
  }

  /** The tokens are for this device alone, and end when it is logged out from elsewhere. */
  async signIn(userId: UserId, password: string, deviceId: string): Promise<void> {
    this.#keep(await request('POST', '/api/auth/login', {}, { userId, password, deviceId }));
  }

  async register(userId: UserId, password: string, deviceId: string): Promise<void> {
    this.#keep(await request('POST', '/api/auth/register', {}, { userId, password, deviceId }));
  }

  /** Every other device is logged out; this one goes on with new tokens. */
  async changePassword(password: string, newPassword: string, deviceId: string): Promise<void> {
    this.#keep(await this.call('PUT', '/api/users/me/password', { password, newPassword, deviceId }));
  }

  conversations(cursor?: string): Promise<ConversationsPage> {
    return this.call('GET', withQuery('/api/conversations', { cursor, limit: 50 }));
  }

  history(conversationId: string, page: { before?: MessageId | undefined; limit: number }): Promise<HistoryPage> {
    return this.call('GET', withQuery(`/api/conversations/${encodeURIComponent(conversationId)}/messages`, page));
  }

  search(q: string, scope: { conversationId?: string | undefined; before?: string | undefined }): Promise<SearchPage> {
    return this.call('GET', withQuery('/api/messages/search', { q, ...scope, limit: 30 }));
  }

  /** The states of conversations that differ from the default. */
  states(cursor?: string): Promise<StatesPage> {
    return this.call('GET', withQuery('/api/conversations/states', { cursor, limit: 100 }));
  }

  unreadCount(): Promise<UnreadBody> {
    return this.call('GET', '/api/messages/unread-count');
  }

  user(userId: UserId): Promise<UserBody> {
    return this.call('GET', `/api/users/${encodeURIComponent(userId)}`);
  }

  /** Those of them who have profiles. */
  async usersNamed(userIds: readonly UserId[]): Promise<UserBody[]> {
    return (await this.call<{ users: UserBody[] }>('GET', withQuery('/api/users', { ids: userIds.join(',') }))).users;
  }

  nodes(): Promise<NodeAddress[]> {
    return request('GET', '/api/nodes', {});
  }

  /**
   * The access token, renewed if it is about to expire; if the renewal gets no answer, the old token while it is still
   * valid.
   */
  async accessToken(): Promise<string> {
    const login = this.#login.get();
    if (login === null) throw new ImError('unauthorized', 'nobody is signed in');
    const leftMs = login.expiresAt - Date.now();
    if (leftMs > MARGIN_MS) return login.accessToken;
    try {
      return await this.renew();
    } catch (error) {
      if (leftMs > 0 && ImError.from(error).retry !== 'never') return login.accessToken;
      throw error;
    }
  }

  /** A new access token; a login that is refused one is ended. Concurrent callers share one call, and pages take turns. */
  renew(): Promise<string> {
    this.#renewing ??= oneAtATime(() => this.#renew()).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Any other call; `key`: its idempotency key. Returns the answer's body, or undefined for an empty one. */
  async call<T>(method: string, path: string, body?: object | Blob, key?: string): Promise<T> {
    return await bodyOf<T>(await this.#ask(method, path, body, defined({ 'idempotency-key': key })));
  }

  /** The bytes of a picture. */
  async picture(path: string): Promise<Blob> {
    return await (await this.#ask('GET', path)).blob();
  }

  async #ask(method: string, path: string, body?: object | Blob, headers?: Headers): Promise<Response> {
    const token = await this.accessToken();
    try {
      return await ask(method, path, { ...headers, ...bearer(token) }, body);
    } catch (error) {
      if (!refused(error)) throw error;
      return await ask(method, path, { ...headers, ...bearer(await this.renew()) }, body);
    }
  }

  async #renew(): Promise<string> {
    const before = this.#login.get();
    const latest = this.#login.latest();
    if (latest === null) throw new ImError('unauthorized', 'nobody is signed in');
    const { refreshToken } = latest;
    // Another page has refreshed the token.
    if (refreshToken !== before?.refreshToken) return latest.accessToken;
    try {
      return this.#keep(await request('POST', '/api/auth/refresh', {}, { refreshToken }));
    } catch (error) {
      if (refused(error)) this.#login.set(null);
      throw error;
    }
  }

  #keep({ userId, accessToken, refreshToken, expiresInS }: Tokens): string {
    this.#login.set({ userId, accessToken, refreshToken, expiresAt: Date.now() + expiresInS * 1000 });
    return accessToken;
  }
}

/** A refresh token works only once. Without locks, pages that renew it at the same time may end their login. */
async function oneAtATime<T>(renew: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? await navigator.locks.request('chasqui.renewal', renew) : await renew();
}

/** The token is not, or no longer, valid. */
function refused(error: unknown): boolean {
  const { code } = ImError.from(error);
  return code === 'unauthorized' || code === 'token_expired' || code === 'token_invalid' || code === 'user_disabled';
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function request<T>(method: string, path: string, headers: Headers, body?: object): Promise<T> {
  return await bodyOf<T>(await ask(method, path, headers, body));
}

async function bodyOf<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function ask(method: string, path: string, headers: Headers, body?: object | Blob): Promise<Response> {
  const isPicture = body instanceof Blob;
  // Relative to the page, which a proxy may show below a path.
  const response = await fetch(`.${path}`, {
    method,
    signal: AbortSignal.timeout(isPicture ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS),
    ...(body === undefined
      ? { headers }
      : {
          headers: { ...headers, 'content-type': isPicture ? body.type : 'application/json' },
          body: isPicture ? body : JSON.stringify(body),
        }),
  }).catch((error: unknown) => {
    throw new ImError('connection_closed', 'the server does not answer', {}, error);
  });
  if (!response.ok) throw await problem(response);
  return response;
}

/** The server's error, with the faulty field and the time to wait. */
async function problem(response: Response): Promise<ImError> {
  const { error = {} } = (await response.json().catch(() => ({}))) as { error?: Partial<Problem> };
  const { code, message = `the server answered ${response.status}`, field, retryAfterMs } = error;
  return new ImError(knownErrorCode(code), message, defined({ field, retryAfterMs }));
}

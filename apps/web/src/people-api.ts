import type { ContactState, UserId, Visibility } from '@chasqui/domain';
import type { Api } from './api.ts';
import type { UserBody } from './api-bodies.ts';
import { Store } from './store.ts';

export interface QuietHours {
  from: string;
  to: string;
  timeZone: string;
}

export interface OwnProfile {
  userId: UserId;
  displayName: string;
  avatar: string;
  locale: string;
  notifications: { enabled: boolean; showText: boolean; quietHours: QuietHours | null };
  privacy: { presence: Visibility; lastSeen: Visibility; groups: Visibility; discoverable: boolean };
}

/** Absent fields stay unchanged. */
export interface ProfileChange {
  displayName?: string;
  locale?: string;
  notifications?: Partial<OwnProfile['notifications']>;
  privacy?: Partial<OwnProfile['privacy']>;
}

export interface Contact {
  userId: UserId;
  state: ContactState;
}

export interface OwnDevice {
  deviceId: string;
  platform: string;
  /** Unix ms. */
  lastSeenAt: number;
  online?: boolean;
  push: { provider: string; unconfirmed?: true }[];
}

/**
 * Notifications by e-mail on one device. `unsupported`: the server sends none. `waiting`: for the code that was sent to
 * the address.
 */
export type EmailState = 'unsupported' | 'off' | 'waiting' | 'on';

/** Pages read of a list; items beyond are not shown. */
const MAX_PAGES = 10;
const one = (userId: UserId) => encodeURIComponent(userId);

/** The HTTP API for people and devices. Errors: those of `Api`. */
export class PeopleApi {
  /** The users whom the user blocks, as last read or changed here. */
  readonly blocks = new Store<ReadonlySet<UserId>>(new Set());
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  me(): Promise<OwnProfile> {
    return this.#api.call('GET', '/api/users/me');
  }

  changeMe(change: ProfileChange): Promise<OwnProfile> {
    return this.#api.call('PATCH', '/api/users/me', change);
  }

  async find(q: string): Promise<UserBody[]> {
    const { users } = await this.#api.call<{ users: UserBody[] }>('GET', `/api/users?${new URLSearchParams({ q })}`);
    return users;
  }

  contacts(): Promise<Contact[]> {
    return this.#all('/api/contacts', (page: { contacts: Contact[] }) => page.contacts);
  }

  /** Those who would like to be the user's contacts. */
  requests(): Promise<Contact[]> {
    return this.#all('/api/contacts', (page: { contacts: Contact[] }) => page.contacts, { state: 'incoming' });
  }

  ask(userId: UserId): Promise<{ state: ContactState }> {
    return this.#api.call('PUT', `/api/contacts/${one(userId)}`);
  }

  answer(userId: UserId, answer: 'accept' | 'decline'): Promise<void> {
    return this.#api.call('POST', `/api/contacts/${one(userId)}/${answer}`);
  }

  part(userId: UserId): Promise<void> {
    return this.#api.call('DELETE', `/api/contacts/${one(userId)}`);
  }

  async blocked(): Promise<UserId[]> {
    const rows = await this.#all('/api/blocks', (page: { blocks: { userId: UserId }[] }) => page.blocks);
    const blocked = rows.map(({ userId }) => userId);
    this.blocks.set(new Set(blocked));
    return blocked;
  }

  async block(userId: UserId): Promise<void> {
    await this.#api.call('PUT', `/api/blocks/${one(userId)}`);
    this.blocks.set(new Set([...this.blocks.get(), userId]));
  }

  async unblock(userId: UserId): Promise<void> {
    await this.#api.call('DELETE', `/api/blocks/${one(userId)}`);
    this.blocks.set(new Set([...this.blocks.get()].filter((other) => other !== userId)));
  }

  async devices(): Promise<OwnDevice[]> {
    return (await this.#api.call<{ devices: OwnDevice[] }>('GET', '/api/devices')).devices;
  }

  endDevice(deviceId: string): Promise<void> {
    return this.#api.call('DELETE', `/api/devices/${encodeURIComponent(deviceId)}`);
  }

  /** The key that signs the server's Web Push requests; undefined: the server sends none. */
  async webPushKey(): Promise<string | undefined> {
    return (await this.#api.call<{ webPushKey?: string }>('GET', '/api/push')).webPushKey;
  }

  registerWebPush(deviceId: string, token: string, language: string): Promise<void> {
    const body = { provider: 'webpush', token, platform: 'web', language };
    return this.#api.call('PUT', `/api/devices/${encodeURIComponent(deviceId)}/push-token`, body);
  }

  removeWebPush(deviceId: string): Promise<void> {
    return this.#api.call('DELETE', `/api/devices/${encodeURIComponent(deviceId)}/push-token?provider=webpush`);
  }

  async emailState(deviceId: string): Promise<EmailState> {
    const { email } = await this.#api.call<{ email: boolean }>('GET', '/api/push');
    if (!email) return 'unsupported';
    const device = (await this.devices()).find((one) => one.deviceId === deviceId);
    const registered = device?.push.find(({ provider }) => provider === 'email');
    return registered === undefined ? 'off' : registered.unconfirmed ? 'waiting' : 'on';
  }

  /** Sends a code to the address, unless it is known to be the user's. */
  registerEmail(deviceId: string, address: string, language: string): Promise<void> {
    const body = { provider: 'email', token: address, platform: 'web', language };
    return this.#api.call('PUT', `/api/devices/${encodeURIComponent(deviceId)}/push-token`, body);
  }

  confirmEmail(deviceId: string, code: string): Promise<void> {
    return this.#api.call('POST', `/api/devices/${encodeURIComponent(deviceId)}/push-token/confirm`, { code });
  }

  removeEmail(deviceId: string): Promise<void> {
    return this.#api.call('DELETE', `/api/devices/${encodeURIComponent(deviceId)}/push-token?provider=email`);
  }

  async #all<Page, Row>(
    path: string,
    rowsOf: (page: Page) => Row[],
    filter: { [name: string]: string } = {},
  ): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = '';
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const query = new URLSearchParams({ ...filter, limit: '100', ...(cursor === '' ? {} : { cursor }) });
      const page = await this.#api.call<Page & { nextCursor?: string }>('GET', `${path}?${query}`);
      rows.push(...rowsOf(page));
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    return rows;
  }
}

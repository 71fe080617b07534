import type { ApiKey } from '@chasqui/domain';

export interface Rotation {
  keyId: string;
  /** Of the new secret. */
  secretHash: string;
  /** Unix ms until which the secret before stays valid. */
  formerUntil: number;
}

/**
 * The keys of the server API. Each call is one transaction; a resolved write survives kill -9, and is seen by every
 * later call on any process. Bound: `API_KEY_LIMITS.maxKeys`. Errors: `store_unavailable`.
 */
export interface ApiKeyStore extends AsyncDisposable {
  /**
   * Idempotent: an id that exists already is left as it is. At the bound, the key that was revoked first is removed.
   * False: none of them is revoked, and nothing was changed.
   */
  create(key: ApiKey): Promise<boolean>;
  get(keyId: string): Promise<ApiKey | null>;
  /** All of them, in the order of `createdAt`, then of the id. */
  list(): Promise<ApiKey[]>;
  /** Makes the current secret the former one; one that was former before is void. False: no such key. */
  rotate(rotation: Rotation): Promise<boolean>;
  /** The first time stays. False: no such key. */
  revoke(keyId: string, at: number): Promise<boolean>;
  /** Notes a use; ignored within `API_KEY_LIMITS.lastUseStepMs` of the noted one. */
  used(keyId: string, at: number): Promise<void>;
  ping(): Promise<void>;
}

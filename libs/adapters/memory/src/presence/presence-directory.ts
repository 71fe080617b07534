import { type DevicePresence, ImError, type UserId } from '@chasqui/domain';

/** An entry with its number in the order of registration, which pages follow. */
interface Kept {
  entry: DevicePresence;
  serial: number;
}

/** The location of each user's devices, by user and by node, including dead nodes. */
export class PresenceDirectory {
  readonly #maxEntries: number;
  readonly #users = new Map<UserId, Kept[]>();
  readonly #nodes = new Map<string, Set<Kept>>();
  #size = 0;
  #serial = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get full(): boolean {
    return this.#size >= this.#maxEntries;
  }

  of(userId: UserId): DevicePresence[] {
    return this.#users.get(userId)?.map(({ entry }) => entry) ?? [];
  }

  /** Errors: `presence_unavailable` at the bound. */
  put(entry: DevicePresence): DevicePresence | null {
    const replaced = this.#find(entry);
    if (replaced !== undefined) this.#delete(replaced);
    else if (this.full) throw new ImError('presence_unavailable', `presence is full (${this.#maxEntries} devices)`);
    const kept = { entry: { ...entry }, serial: ++this.#serial };
    const mine = this.#users.get(entry.userId);
    if (mine === undefined) this.#users.set(entry.userId, [kept]);
    else mine.push(kept);
    const there = this.#nodes.get(entry.nodeId);
    if (there === undefined) this.#nodes.set(entry.nodeId, new Set([kept]));
    else there.add(kept);
    this.#size++;
    return replaced?.entry ?? null;
  }

  /** False if the device's entry is absent or belongs to another session. */
  take(key: Pick<DevicePresence, 'userId' | 'deviceId' | 'sessionId'>): boolean {
    const kept = this.#find(key);
    if (kept?.entry.sessionId !== key.sessionId) return false;
    this.#delete(kept);
    return true;
  }

  /** In the order of registration, from after `cursor`. */
  page(nodeId: string, cursor: string | null, limit: number): { entries: DevicePresence[]; cursor: string | null } {
    const after = cursor === null ? 0 : Number(cursor);
    const page: Kept[] = [];
    for (const kept of this.#nodes.get(nodeId) ?? []) {
      if (kept.serial <= after) continue;
      if (page.length === limit)
        return { entries: page.map(({ entry }) => entry), cursor: String(page.at(-1)?.serial) };
      page.push(kept);
    }
    return { entries: page.map(({ entry }) => entry), cursor: null };
  }

  nodeIds(): string[] {
    return [...this.#nodes.keys()];
  }

  dropNode(nodeId: string): void {
    for (const kept of this.#nodes.get(nodeId) ?? []) this.#delete(kept);
  }

  #find({ userId, deviceId }: Pick<DevicePresence, 'userId' | 'deviceId'>): Kept | undefined {
    return this.#users.get(userId)?.find(({ entry }) => entry.deviceId === deviceId);
  }

  #delete(kept: Kept): void {
    const { userId, nodeId } = kept.entry;
    const mine = this.#users.get(userId)?.filter((other) => other !== kept) ?? [];
    if (mine.length === 0) this.#users.delete(userId);
    else this.#users.set(userId, mine);
    const there = this.#nodes.get(nodeId);
    there?.delete(kept);
    if (there?.size === 0) this.#nodes.delete(nodeId);
    this.#size--;
  }
}

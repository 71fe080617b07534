import type {
  ApiKey,
  AuditEntry,
  Block,
  Contact,
  ContactState,
  Device,
  DeviceSeen,
  Erasure,
  HeldMessage,
  LegalHold,
  Profile,
  PushOutcome,
  PushRegistration,
  UserId,
} from '@chasqui/domain';
import type {
  AuditPage,
  CutOff,
  Login,
  Refreshed,
  RegistrationKey,
  RelationPage,
  Revocation,
  Rotation,
  SweepProgress,
} from '@chasqui/ports';

type Pair = [userId: UserId, other: UserId];

/** The store worker's operations for people and their devices: the ports' methods, by name. */
export type PeopleOperations = {
  'devices.seen'(args: readonly DeviceSeen[]): null;
  'devices.register'(args: [device: Omit<DeviceSeen, 'at'>, registration: PushRegistration]): null;
  'devices.unregister'(args: [key: RegistrationKey, token: string | null]): boolean;
  'devices.list'(args: readonly UserId[]): Device[][];
  'devices.forget'(args: [userId: UserId, deviceId: string]): boolean;
  'revocations.revoke'(args: Revocation): null;
  'revocations.cutOffs'(args: readonly { userId: UserId; deviceId: string }[]): CutOff[];
  'revocations.disable'(args: [userId: UserId, at: number]): boolean;
  'revocations.enable'(args: UserId): boolean;
  'revocations.disabled'(args: readonly UserId[]): (number | null)[];
  'revocations.trim'(args: [olderThan: number, limit: number]): number;
  'logins.begin'(args: Login): null;
  'logins.refresh'(args: [login: Login, graceMs: number]): Refreshed;
  'logins.endAll'(args: UserId): null;
  'logins.trim'(args: [olderThan: number, limit: number]): number;
  'apiKeys.create'(args: ApiKey): boolean;
  'apiKeys.get'(args: string): ApiKey | null;
  'apiKeys.list'(args: null): ApiKey[];
  'apiKeys.rotate'(args: Rotation): boolean;
  'apiKeys.revoke'(args: [keyId: string, at: number]): boolean;
  'apiKeys.used'(args: [keyId: string, at: number]): null;
  'erasures.begin'(args: Omit<Erasure, 'doneAt'>): Erasure;
  'erasures.get'(args: readonly UserId[]): (Erasure | null)[];
  'erasures.page'(args: [after: string, limit: number]): Erasure[];
  'erasures.take'(args: [now: number, until: number]): Erasure | null;
  'erasures.hold'(args: [userId: UserId, until: number]): null;
  'erasures.finish'(args: [erasure: Erasure, at: number]): boolean;
  'holds.place'(args: LegalHold): boolean;
  'holds.get'(args: string): LegalHold | null;
  'holds.list'(args: null): LegalHold[];
  'holds.keep'(args: readonly HeldMessage[]): null;
  'holds.kept'(args: [holdId: string, after: string, limit: number]): HeldMessage[];
  'holds.release'(args: [holdId: string, limit: number]): boolean;
  'sweeps.lead'(args: [sweep: string, owner: string, now: number, until: number]): SweepProgress | null;
  'sweeps.save'(args: [sweep: string, owner: string, progress: SweepProgress]): boolean;
  'auditLog.append'(args: AuditEntry): null;
  'auditLog.page'(args: AuditPage): AuditEntry[];
  'auditLog.trim'(args: [olderThan: number, limit: number]): number;
  /** Null for each that was recorded as given; the others are those that were there before. */
  'pushOutcomes.record'(args: readonly PushOutcome[]): (PushOutcome | null)[];
  'pushOutcomes.list'(args: readonly string[]): PushOutcome[][];
  'pushOutcomes.trim'(args: [olderThan: number, limit: number]): number;
  'profiles.get'(args: readonly UserId[]): (Profile | null)[];
  'profiles.put'(args: Profile): boolean;
  'profiles.remove'(args: UserId): null;
  'profiles.page'(args: [after: string, limit: number]): Profile[];
  'profiles.search'(args: [text: string, limit: number]): Profile[];
  'contacts.request'(args: [...pair: Pair, at: number]): ContactState | 'blocked';
  'contacts.accept'(args: [...pair: Pair, at: number]): boolean;
  'contacts.remove'(args: [...pair: Pair, only: ContactState | null]): ContactState | null;
  'contacts.states'(args: [userId: UserId, others: readonly UserId[]]): (ContactState | null)[];
  'contacts.list'(args: [userId: UserId, page: RelationPage & { state?: ContactState }]): Contact[];
  'blocks.block'(args: [...pair: Pair, at: number]): boolean;
  'blocks.unblock'(args: Pair): boolean;
  /** Repeated pairs: who may block, and whom. */
  'blocks.blocked'(args: readonly UserId[]): boolean[];
  'blocks.list'(args: [userId: UserId, page: RelationPage]): Block[];
};

/** The operations of one port. */
export type OperationsOf<Port extends string> = Pick<
  PeopleOperations,
  Extract<keyof PeopleOperations, `${Port}.${string}`>
>;

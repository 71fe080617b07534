import type { Engines } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** The ports of people and their devices. */
export type PeopleStores = Pick<
  Engines,
  | 'users'
  | 'profiles'
  | 'contacts'
  | 'blocks'
  | 'devices'
  | 'revocations'
  | 'logins'
  | 'apiKeys'
  | 'auditLog'
  | 'erasures'
  | 'holds'
  | 'sweeps'
  | 'pushOutcomes'
>;

/** All of them over one caller of the store worker. */
export function createPeopleStores(store: Caller<StoreOperations>): PeopleStores {
  const common = {
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
  return {
    users: {
      ...common,
      create: (user) => store.call('users.create', user),
      get: (userId) => store.call('users.get', userId),
      changePassword: (userId, from, to) => store.call('users.changePassword', [userId, from, to]),
      async erase(userId) {
        await store.call('users.erase', userId);
      },
    },
    profiles: {
      ...common,
      get: (userIds) => store.call('profiles.get', userIds),
      put: (profile) => store.call('profiles.put', profile),
      async remove(userId) {
        await store.call('profiles.remove', userId);
      },
      search: (text, limit) => store.call('profiles.search', [text, limit]),
      page: (after, limit) => store.call('profiles.page', [after, limit]),
    },
    contacts: {
      ...common,
      request: (userId, other, at) => store.call('contacts.request', [userId, other, at]),
      accept: (userId, other, at) => store.call('contacts.accept', [userId, other, at]),
      remove: (userId, other, only) => store.call('contacts.remove', [userId, other, only ?? null]),
      states: (userId, others) => store.call('contacts.states', [userId, others]),
      list: (userId, page) => store.call('contacts.list', [userId, page]),
    },
    blocks: {
      ...common,
      block: (userId, other, at) => store.call('blocks.block', [userId, other, at]),
      unblock: (userId, other) => store.call('blocks.unblock', [userId, other]),
      blocked: (pairs) =>
        store.call(
          'blocks.blocked',
          pairs.flatMap(({ userId, other }) => [userId, other]),
        ),
      list: (userId, page) => store.call('blocks.list', [userId, page]),
    },
    devices: {
      ...common,
      async seen(devices) {
        await store.call('devices.seen', devices);
      },
      async register(device, registration) {
        await store.call('devices.register', [device, registration]);
      },
      unregister: (key, token) => store.call('devices.unregister', [key, token ?? null]),
      list: (userIds) => store.call('devices.list', userIds),
      forget: (userId, deviceId) => store.call('devices.forget', [userId, deviceId]),
    },
    revocations: {
      ...common,
      async revoke(revocation) {
        await store.call('revocations.revoke', revocation);
      },
      disable: (userId, at) => store.call('revocations.disable', [userId, at]),
      enable: (userId) => store.call('revocations.enable', userId),
      disabled: (userIds) => store.call('revocations.disabled', userIds),
      cutOffs: (devices) => store.call('revocations.cutOffs', devices),
      trim: (olderThan, limit) => store.call('revocations.trim', [olderThan, limit]),
    },
    logins: {
      ...common,
      async begin(login) {
        await store.call('logins.begin', login);
      },
      refresh: (login, graceMs) => store.call('logins.refresh', [login, graceMs]),
      async endAll(userId) {
        await store.call('logins.endAll', userId);
      },
      trim: (olderThan, limit) => store.call('logins.trim', [olderThan, limit]),
    },
    apiKeys: {
      ...common,
      create: (key) => store.call('apiKeys.create', key),
      get: (keyId) => store.call('apiKeys.get', keyId),
      list: () => store.call('apiKeys.list', null),
      rotate: (rotation) => store.call('apiKeys.rotate', rotation),
      revoke: (keyId, at) => store.call('apiKeys.revoke', [keyId, at]),
      async used(keyId, at) {
        await store.call('apiKeys.used', [keyId, at]);
      },
    },
    auditLog: {
      ...common,
      async append(entry) {
        await store.call('auditLog.append', entry);
      },
      page: (page) => store.call('auditLog.page', page),
      trim: (olderThan, limit) => store.call('auditLog.trim', [olderThan, limit]),
    },
    erasures: {
      ...common,
      begin: (erasure) => store.call('erasures.begin', erasure),
      get: (userIds) => store.call('erasures.get', userIds),
      page: (after, limit) => store.call('erasures.page', [after, limit]),
      take: (now, until) => store.call('erasures.take', [now, until]),
      async hold(userId, until) {
        await store.call('erasures.hold', [userId, until]);
      },
      finish: (erasure, at) => store.call('erasures.finish', [erasure, at]),
    },
    holds: {
      ...common,
      place: (hold) => store.call('holds.place', hold),
      get: (holdId) => store.call('holds.get', holdId),
      list: () => store.call('holds.list', null),
      async keep(messages) {
        await store.call('holds.keep', messages);
      },
      kept: (holdId, { after = '', limit }) => store.call('holds.kept', [holdId, after, limit]),
      release: (holdId, limit) => store.call('holds.release', [holdId, limit]),
    },
    sweeps: {
      ...common,
      lead: (sweep, owner, now, until) => store.call('sweeps.lead', [sweep, owner, now, until]),
      save: (sweep, owner, progress) => store.call('sweeps.save', [sweep, owner, progress]),
    },
    pushOutcomes: {
      ...common,
      async record(outcomes) {
        const known = await store.call('pushOutcomes.record', outcomes);
        return outcomes.map((outcome, index) => known[index] ?? outcome);
      },
      list: (subjectIds) => store.call('pushOutcomes.list', subjectIds),
      trim: (olderThan, limit) => store.call('pushOutcomes.trim', [olderThan, limit]),
    },
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { browser as subscriber } from '../../apps/push/src/testing/browser.ts';
import { pushService, vapidKeys } from '../../apps/push/src/testing/push-service.ts';
import { openDevice } from '../journeys/devices.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * Debian's Chromium has no push service to subscribe to. A server that follows RFC 8030 replaces it: the page's
 * subscription names that server, with the test's keys, and the test forwards what it receives to the page as a push
 * service does. So everything runs except the browser's own subscribing and the delivery into it.
 */
const keys = vapidKeys();
let folder: string;
let stage: Stage;
let ben: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-web-push-'));
  const keyFile = join(folder, 'vapid');
  await writeFile(keyFile, keys.privateKey, { mode: 0o600 });
  stage = await openStage({
    CHASQUI_PUSH_WEBPUSH_KEY_FILE: keyFile,
    CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY: keys.publicKey,
    CHASQUI_PUSH_WEBPUSH_SUBJECT: 'mailto:operator@example.org',
    CHASQUI_PUSH_WEBPUSH_HOSTS: '127.0.0.1',
    CHASQUI_PUSH_WEBPUSH_HTTP: 'on',
  });
  ben = await newPerson(stage.browser, stage.origin, 'ben', { permissions: ['notifications'] });
});
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const shownBy = (worker: Worker) =>
  worker.evaluate(async () => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
    const shown = await scope.registration.getNotifications();
    return shown.map(({ title, body, tag }) => ({ title, body, tag }));
  });

async function deliver(session: CDPSession, origin: string, data: string): Promise<void> {
  const registrations = new Map<string, string>();
  session.on('ServiceWorker.workerRegistrationUpdated', (event) => {
    for (const { registrationId, scopeURL } of event.registrations) registrations.set(scopeURL, registrationId);
  });
  await session.send('ServiceWorker.enable');
  await expect.poll(() => registrations.size).toBeGreaterThan(0);
  const [registrationId = ''] = registrations.values();
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
}

describe('Web Push', () => {
  it('asks for nothing when the page is opened', async () => {
    const subscription = ben.page.evaluate(async () => {
      const { pushManager } = await navigator.serviceWorker.ready;
      return pushManager.getSubscription();
    });
    expect(await subscription).toBeNull();
    await ben.page.getByTestId('settings').click();
    await ben.page.locator('[data-testid=web-push][data-state=off]').waitFor();
    await ben.page.keyboard.press('Escape');
  });

  it('says so when the browser’s push service does not answer, and stays off', async () => {
    await ben.page.getByTestId('settings').click();
    await ben.page.getByTestId('web-push-check').click();
    await ben.page.locator('[data-testid=web-push][data-failed=true]').waitFor();
    await expect.poll(() => ben.page.getByTestId('web-push-check').isChecked()).toBe(false);
    await ben.page.keyboard.press('Escape');
  });

  it('C17: a message to a closed page becomes a notification, whose press opens the conversation', async () => {
    const service = await pushService(keys);
    const { subscription, decrypt } = subscriber(`${service.url}/send/1`);
    await ben.page.evaluate((json) => {
      let current: unknown = null;
      Object.assign(PushManager.prototype, {
        async subscribe() {
          current = { toJSON: () => json };
          return current;
        },
        getSubscription: async () => current,
      });
    }, subscription);
    await ben.page.getByTestId('settings').click();
    await ben.page.getByTestId('web-push-check').click();
    await ben.page.locator('[data-testid=web-push][data-state=on]').waitFor();
    const context = ben.page.context();
    const [worker] = context.serviceWorkers();
    if (worker === undefined) throw new Error('no worker was registered');
    await ben.page.goto('about:blank');

    using ann = await openDevice(stage.cluster, { user: 'ann', node: 1 });
    await ann.client.send({ to: 'ben', content: { text: 'nobody but ben may read this' } }).stored;
    await expect.poll(() => service.requests.length, { timeout: 20_000 }).toBe(1);
    const payload = decrypt(service.requests[0]?.body ?? Buffer.alloc(0));
    expect(payload).toMatchObject({ title: 'ann', body: 'New message', conversationId: 'ann~ben', badge: 1 });

    const page = await context.newPage();
    await page.goto(`${stage.origin}/icon.svg`);
    const session = await context.newCDPSession(page);
    onTestFinished(() => session.detach());
    await deliver(session, stage.origin, JSON.stringify(payload));
    await expect.poll(() => shownBy(worker)).toMatchObject([{ title: 'ann', body: 'New message' }]);

    // A click on the notification: if no page is open, it opens one, at the same address as the link in an e-mail.
    await page.goto(`${stage.origin}/?conversation=ann~ben`);
    await page.locator('[data-testid=chat][data-peer=ann]').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByText('nobody but ben may read this').first().waitFor();
    await page.getByTestId('about').waitFor();
    await page.evaluate(() => {
      location.hash = '/';
    });
    await page.getByText('Choose a conversation').waitFor();
    await worker.evaluate(async () => {
      const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications();
      const Press = (globalThis as unknown as { NotificationEvent: new (type: string, init: object) => Event })
        .NotificationEvent;
      dispatchEvent(new Press('notificationclick', { notification }));
    });
    await page.locator('[data-testid=chat][data-peer=ann]').waitFor();
    await expect.poll(() => shownBy(worker)).toEqual([]);
  });

  it('meets no error of the page and no refusal of its policy', () => {
    expect(ben.faults).toEqual([]);
  });
});

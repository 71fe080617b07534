import type { PeopleApi } from '../people-api.ts';
import { deviceId } from '../person.ts';
import { WORKER } from './page-worker.ts';

/**
 * `unsupported`: by the browser or the server. `denied`: the user refused, and can change that only in the browser's
 * settings.
 */
export type WebPushState = 'unsupported' | 'denied' | 'off' | 'on';

function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** The state of this browser's notifications. Asks for no permission. */
export async function webPushState(people: PeopleApi): Promise<WebPushState> {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  if ((await subscription()) !== null) return 'on';
  return (await people.webPushKey()) === undefined ? 'unsupported' : 'off';
}

/**
 * Asks the user for permission, subscribes at the browser's push service, and registers with the server. Browsers
 * require that a button press calls it.
 */
export async function turnWebPushOn(people: PeopleApi, language: string): Promise<WebPushState> {
  const key = await people.webPushKey();
  if (key === undefined || !isSupported()) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscribed = await pushManager.subscribe(options).catch(async (error: unknown) => {
    // A subscription made with another server key no longer works.
    const old = await pushManager.getSubscription();
    if (old === null || !(await old.unsubscribe())) throw error;
    return pushManager.subscribe(options);
  });
  await people.registerWebPush(deviceId(), JSON.stringify(subscribed), language);
  return 'on';
}

/**
 * Unsubscribes, so that the next user of this browser sees no notifications. If the server cannot be reached now, it
 * detects the end of the subscription later.
 */
export async function turnWebPushOff(people: PeopleApi): Promise<WebPushState> {
  const old = await subscription();
  if (old === null) return 'off';
  await Promise.allSettled([people.removeWebPush(deviceId()), old.unsubscribe()]);
  return 'off';
}

async function subscription(): Promise<PushSubscription | null> {
  if (!isSupported()) return null;
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

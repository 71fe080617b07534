import type { PeopleApi } from '../people-api.ts';
import { deviceId } from '../person.ts';

/** `unsupported`: by the browser or the server. `denied`: the person has said no, and only the browser's settings change that. */
export type WebPushState = 'unsupported' | 'denied' | 'off' | 'on';

const WORKER = '/push-worker.js';

function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** Where notifications of this browser stand. Asks the person nothing, and starts no worker. */
export async function webPushState(people: PeopleApi): Promise<WebPushState> {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  if ((await subscription()) !== null) return 'on';
  return (await people.webPushKey()) === undefined ? 'unsupported' : 'off';
}

/** Asks the person, then the browser's push service, then tells the server. To be called by a press of a button alone. */
export async function turnWebPushOn(people: PeopleApi, language: string): Promise<WebPushState> {
  const key = await people.webPushKey();
  if (key === undefined || !isSupported()) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscribed = await pushManager.subscribe(options).catch(async (error: unknown) => {
    // A subscription by another key of the server's is of no use any more.
    const old = await pushManager.getSubscription();
    if (old === null || !(await old.unsubscribe())) throw error;
    return pushManager.subscribe(options);
  });
  await people.registerWebPush(deviceId(), JSON.stringify(subscribed), language);
  return 'on';
}

/** Nothing is shown here any more, whoever uses this browser next. What the server does not hear now it finds out by itself. */
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

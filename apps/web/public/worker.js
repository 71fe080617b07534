// Keeps the page for when the server is away. Shows the server's notifications while no page is connected, and opens the
// conversation of one that is clicked.

const root = new URL(self.registration.scope);
/** Pages of other paths of this origin have workers and caches of their own. */
const KEPT = `chasqui ${root.href}`;
/** The server's answers vary by origin in their headers alone. */
const FOR_ALL = { ignoreVary: true };

self.addEventListener('install', (event) => event.waitUntil(begin()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== root.origin) return;
  if (mode === 'navigate' && pathname === root.pathname) event.respondWith(page(event));
  else if (pathname.startsWith(`${root.pathname}assets/`)) event.respondWith(asset(event.request));
});

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.json() ?? {})));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.conversationId));
});

/** A page that cannot be kept now is kept when it is opened next. */
async function begin() {
  await keep(await fetch(root)).catch(() => undefined);
  await self.skipWaiting();
}

/** The server's; if it does not answer, or only its proxy does, the one that was kept last. */
async function page(event) {
  const response = await fetch(event.request).catch(() => Response.error());
  if (response.ok) event.waitUntil(keep(response.clone()));
  // A redirect, for example to a log-in of the proxy, is followed by the browser: here it has no status.
  if (response.type === 'opaqueredirect' || (response.status > 0 && response.status < 500)) return response;
  return (await (await caches.open(KEPT)).match(root, FOR_ALL)) ?? response;
}

/** Files with a hash in their names never change. */
async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, FOR_ALL);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (isFile(response)) await cache.put(request, response.clone());
  return response;
}

/** A proxy may answer with a page of its own, or lead to one. */
function isFile(response) {
  return response.ok && !response.redirected && !response.headers.get('content-type')?.startsWith('text/html');
}

/** Keeps a page of ours with the files that it names. When some are new, those of former pages go. */
async function keep(response) {
  if (!response.ok || response.redirected) return;
  const html = await response.clone().text();
  const files = [...html.matchAll(/(?:src|href)="(\.\/assets\/[^"]+)"/g)].map(([, file]) => new URL(file, root).href);
  if (files.length === 0) return;
  const cache = await caches.open(KEPT);
  const known = (await cache.keys()).map(({ url }) => url);
  const added = files.filter((file) => !known.includes(file));
  const answers = await Promise.all(added.map((file) => fetch(file)));
  if (!answers.every(isFile)) return;
  await Promise.all(answers.map((answer, i) => cache.put(added[i], answer)));
  await cache.put(root, response);
  const former = added.length === 0 ? [] : known.filter((url) => url !== root.href && !files.includes(url));
  await Promise.all(former.map((url) => cache.delete(url)));
}

async function show({ title = 'Chasqui', body = '', tag, badge, conversationId }) {
  // A newer notification of a conversation replaces the older one and alerts again.
  const collapsed = tag === undefined ? {} : { tag, renotify: true };
  await self.registration.showNotification(title, { body, icon: './icon.svg', data: { conversationId }, ...collapsed });
  if (typeof badge === 'number') await self.navigator.setAppBadge?.(badge);
}

/** Uses an open page if there is one, else opens a new one. */
async function open(conversationId) {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (page !== undefined) {
    page.postMessage({ open: conversationId });
    await page.focus();
    return;
  }
  const query = conversationId === undefined ? '' : `?${new URLSearchParams({ conversation: conversationId })}`;
  await self.clients.openWindow(`./${query}`);
}

// Shows the server's notifications while no page is connected, and opens the conversation of one that is clicked.

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.json() ?? {})));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.conversationId));
});

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

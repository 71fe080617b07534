import { expect, it } from 'vitest';
import { partsOf, smtpServer, wordsOf } from '../../apps/push/src/testing/smtp-server.ts';
import { newPerson } from './person.ts';
import { openStage } from './stage.ts';

const ADDRESS = 'ana.with-a-long-name@mail.example.org';
/** Minimum touch target, in CSS pixels. */
const FINGER = 40;

it.each([
  {
    where: 'in English on a desktop',
    context: { locale: 'en-GB' },
    sent: 'A code was sent to your address. It is good for 15 minutes.',
    wrong: 'This code is wrong or too old.',
    on: 'Your address is confirmed. New messages also come by e-mail.',
    subject: 'Your code',
  },
  {
    where: 'in Chinese at 360 px',
    context: { locale: 'zh-CN', viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true },
    sent: '验证码已发送到你的邮箱，15 分钟内有效。',
    wrong: '验证码不正确或已过期。',
    on: '邮箱已确认。新消息也会通过邮件通知。',
    subject: '你的验证码',
  },
])(
  'e-mail, $where: an address waits for its code; a wrong one is refused and why is said; the right one confirms the address',
  async ({ context, sent, wrong, on, subject }) => {
    const { url, mails } = await smtpServer();
    const from = 'Chasqui <push@example.org>';
    await using stage = await openStage({ CHASQUI_PUSH_SMTP_URL: url, CHASQUI_PUSH_EMAIL_FROM: from });
    const ana = await newPerson(stage.browser, stage.origin, 'ana', context);
    const { page } = ana;
    const form = page.getByTestId('email-setting');
    const isIn = (state: string) => page.locator(`[data-testid=email-setting][data-state=${state}]`).waitFor();
    const enter = async (text: string) => {
      await form.getByTestId('email-text').fill(text);
      const button = form.getByTestId('email-go');
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(FINGER);
      expect(await ana.scrollsSideways()).toBe(false);
      await button.click();
    };

    await page.getByTestId('settings').click();
    await isIn('off');
    await enter(ADDRESS);
    await isIn('waiting');
    await expect.poll(() => form.getByRole('status').textContent()).toBe(sent);
    await enter('AAAAA-AAAAA');
    await expect.poll(() => form.getByRole('alert').textContent()).toBe(wrong);
    await isIn('waiting');

    await expect.poll(() => mails.length, { timeout: 20_000 }).toBe(1);
    const [mail] = mails;
    if (mail === undefined) return expect.fail('nothing arrived');
    expect([mail.to, wordsOf(mail.headers.subject) || mail.headers.subject]).toEqual([[ADDRESS], subject]);
    const [code = ''] = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(partsOf(mail)['text/plain'] ?? '') ?? [];
    await enter(code);
    await isIn('on');
    await expect.poll(() => form.getByRole('status').textContent()).toBe(on);
    expect(await form.getByRole('alert').count()).toBe(0);
    expect(await form.getByTestId('email-text').count()).toBe(0);
    await page.reload();
    await page.getByTestId('settings').click();
    await isIn('on');
    expect(ana.faults).toEqual([]);
  },
);

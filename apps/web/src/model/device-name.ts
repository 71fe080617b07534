const BROWSERS = [
  ['edge', 'Edge', /\bEdg(?:e|A|iOS)?\//],
  ['opera', 'Opera', /\bOPR\//],
  ['samsung', 'Samsung Internet', /\bSamsungBrowser\//],
  ['firefox', 'Firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', 'Chrome', /\b(?:Chrome|Chromium|HeadlessChrome|CriOS)\//],
  ['safari', 'Safari', /\bSafari\//],
] as const;
const SYSTEMS = [
  ['ios', 'iPhone', /\biPhone\b/],
  ['ipados', 'iPad', /\biPad\b/],
  ['android', 'Android', /\bAndroid\b/],
  ['windows', 'Windows', /\bWindows\b/],
  ['macos', 'macOS', /\bMac OS X\b/],
  ['chromeos', 'ChromeOS', /\bCrOS\b/],
  ['linux', 'Linux', /\bLinux\b/],
] as const;
/** The ids that this page chooses: browser, system, and a part that is chosen at random. */
const CHOSEN = /^([a-z]+)-([a-z]+)-[0-9a-z]{8,13}$/;

/** A device id that says what the device is, so that its user knows it in the list of devices: `chrome-linux-4wyk20a7qfhr`. */
export function newDeviceId(userAgent: string, random: string): string {
  const [browser] = BROWSERS.find(([, , sign]) => sign.test(userAgent)) ?? ['web'];
  const [system] = SYSTEMS.find(([, , sign]) => sign.test(userAgent)) ?? ['other'];
  return `${browser}-${system}-${random}`;
}

/** What the list of devices calls a device: *Chrome, Linux*; the id itself if this page did not choose it. */
export function deviceName(deviceId: string): string {
  const [, browser, system] = CHOSEN.exec(deviceId) ?? [];
  const names = [BROWSERS.find(([id]) => id === browser)?.[1], SYSTEMS.find(([id]) => id === system)?.[1]];
  const known = names.filter((name) => name !== undefined);
  return known.length === 0 ? deviceId : known.join(', ');
}

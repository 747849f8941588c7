// What this browser calls itself in the list of sessions, so that people recognise their devices.

import { t } from '@/lib/text';
import type { Device, DeviceKind } from '@/protocol.gen';

// The order matters: most browsers claim to be several others as well.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Web0S|webOS/, 'webOS'],
  [/Tizen/, 'Tizen'],
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
];

function find(list: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return list.find(([pattern]) => pattern.test(agent))?.[1];
}

export function deviceKind(agent: string, television: boolean): DeviceKind {
  if (television) return 'smart_tv';
  return /Android|iPhone|iPod|iPad|Mobile/.test(agent) ? 'mobile' : 'web';
}

export function device(agent = navigator.userAgent): Device {
  const browser = find(browsers, agent);
  const system = find(systems, agent);
  const both = browser && system ? t('auth.browserOn', { browser, system }) : (browser ?? system ?? null);
  // A name is plain text: the server takes no marks of the writing direction in it, which texts put around values.
  const name = both?.replace(/[\u2066-\u2069]/g, '') ?? null;
  return { name, type: deviceKind(agent, document.documentElement.dataset.layout === 'tv') };
}

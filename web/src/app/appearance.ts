// Puts the preferences on the page. What comes of them is remembered for `early.js`, which puts it there before the
// first paint of the next visit, so that nobody sees the wrong theme flash by.

import { onPreferences, preferences, type Preferences } from '@/lib/preferences';
import { language, preferredLanguage, setLanguage } from '@/lib/text';

const television =
  /SMART-?TV|Web0S|webOS\.TV|Tizen.+TV|HbbTV|BRAVIA|\bAFT[A-Z]|CrKey|GoogleTV|Android TV|AppleTV|Roku|VIDAA|Viera/i;

export function layoutFor(wanted: Preferences['layout'], agent = navigator.userAgent): 'tv' | 'desk' {
  if (wanted !== 'auto') return wanted;
  return television.test(agent) ? 'tv' : 'desk';
}

function apply(): void {
  const { theme, density, layout } = preferences();
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.dataset.density = density;
  root.dataset.layout = layoutFor(layout);
  const wanted = preferences().language ?? preferredLanguage();
  if (wanted !== language()) void setLanguage(wanted).then(remember, remember);
  else remember();
}

function remember(): void {
  const { dataset, lang, dir } = document.documentElement;
  try {
    localStorage.setItem(
      'laserchat.appearance',
      JSON.stringify({ dataset: Object.fromEntries(Object.entries(dataset)), lang, dir }),
    );
  } catch {
    // Without storage the next visit begins with the browser's own preferences.
  }
}

export function followPreferences(): void {
  apply();
  onPreferences(apply);
}

// The pictures that the small community shares: drawn here, so that they are nobody's, and turned into photographs' format by
// the browser that takes the screenshots.

import type { Browser } from 'playwright-core';

const hill = (y: number, swing: number, colour: string) =>
  `<path d="M0 ${y} C 260 ${y - swing}, 420 ${y + swing}, 700 ${y - swing / 3} S 1080 ${y + swing / 2}, 1280 ${y - swing / 2} V 960 H 0 Z" fill="${colour}"/>`;

/** A landscape of hills under a sun, in the colours of some time of day. */
function landscape(sky: readonly [string, string], sun: string, hills: readonly string[], at: number): string {
  const land = hills.map((colour, index) => hill(520 + index * 110, 130 - index * 18, colour)).join('');
  return `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs>
    <rect width="1280" height="960" fill="url(#sky)"/><circle cx="${at}" cy="330" r="92" fill="${sun}"/>${land}`;
}

/** A poster with shapes, for those who design. */
function poster(ground: string, ink: string, accent: string): string {
  return `<rect width="1280" height="960" fill="${ground}"/>
    <circle cx="430" cy="480" r="250" fill="none" stroke="${ink}" stroke-width="56"/>
    <circle cx="850" cy="480" r="250" fill="${accent}"/>
    <path d="M200 800 H1080" stroke="${ink}" stroke-width="56" stroke-linecap="round"/>`;
}

/** A board with columns of cards, as plans are drawn. */
function board(): string {
  const columns = ['#0a6f7d', '#c98a10', '#1c7a45'].map((colour, column) => {
    const x = 100 + column * 370;
    const cards = Array.from(
      { length: 4 - column },
      (_, card) =>
        `<rect x="${x}" y="${230 + card * 160}" width="340" height="136" rx="18" fill="#fff" stroke="#dfe4e8" stroke-width="3"/>
        <rect x="${x + 28}" y="${266 + card * 160}" width="${250 - card * 34}" height="18" rx="9" fill="#4a545c"/>
        <rect x="${x + 28}" y="${306 + card * 160}" width="${130 + card * 22}" height="18" rx="9" fill="#c5ced4"/>`,
    );
    return `<rect x="${x}" y="130" width="180" height="34" rx="17" fill="${colour}"/>${cards.join('')}`;
  });
  return `<rect width="1280" height="960" fill="#f5f7f8"/>${columns.join('')}`;
}

const drawings = {
  'harbour at dusk.jpg': landscape(
    ['#2b3a67', '#f2a65a'],
    '#ffe3b0',
    ['#7a4b6d', '#553a63', '#33294f', '#1d1a38'],
    900,
  ),
  'morning run.jpg': landscape(['#8fd3e8', '#e9f7ef'], '#fff6d6', ['#7fc29b', '#4f9d7c', '#2f7a63', '#1e5b4e'], 360),
  'team day.jpg': landscape(['#5aa9e6', '#fcefb4'], '#fffbe6', ['#f2c078', '#d98e4a', '#a9633a', '#6e3f2c'], 640),
  'logo study 1.png': poster('#f6efe2', '#22313f', '#e4572e'),
  'logo study 2.png': poster('#12323a', '#e0f2f4', '#4fc3d1'),
  'board.png': board(),
};

export type Drawn = Readonly<Record<keyof typeof drawings, Buffer>>;

export async function draw(browser: Browser): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
  const all: [string, Buffer][] = [];
  for (const [name, drawing] of Object.entries(drawings)) {
    await page.setContent(
      `<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 960" style="display:block">${drawing}</svg></body>`,
    );
    all.push([name, await page.screenshot(name.endsWith('.jpg') ? { type: 'jpeg', quality: 85 } : { type: 'png' })]);
  }
  await page.close();
  // Its names are those of the drawings.
  return Object.fromEntries(all) as Drawn;
}

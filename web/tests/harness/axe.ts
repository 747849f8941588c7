// Looks at a page with axe for what shuts people out.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is serious or worse on the page as it is now: the rule, and the first places where it is broken. */
export async function flaws(page: Page): Promise<string[]> {
  // Evaluated from outside of the page, because its content security policy lets no other script in.
  await page.evaluate(source);
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const places = nodes
        .slice(0, 5)
        .map((node) => `\n  ${node.html.slice(0, 200)}\n    ${node.failureSummary ?? ''}`);
      return `${id}: ${help}${places.join('')}`;
    });
}
